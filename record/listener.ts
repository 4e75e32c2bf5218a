import type {
  ClientEvents,
  FleetTable,
  LedgerReport,
  Manifest,
  RecordEvent,
  Scrape,
} from '#weir/facts/index.ts'

/** Gets the facts of a run while they are recorded, in the order in which the record gets them. */
export interface RecordListener {
  /** The whole manifest, at the start and after each change. */
  manifest(manifest: Manifest): void
  fleet(table: FleetTable): void
  event(event: RecordEvent): void
  /** The batch is the caller's: what is to be kept must be copied. */
  clients(batch: ClientEvents): void
  scrape(scrape: Scrape): void
  messages(account: LedgerReport): void
}
