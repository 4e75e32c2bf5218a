import type {
  ClientEvents,
  FleetTable,
  LogRow,
  Manifest,
  Messages,
  RecordEvent,
  Scrape,
} from '#weir/facts/index.ts'

export const RECORD_FILES = {
  manifest: 'run.json',
  fleet: 'fleet.json',
  clients: 'clients.arrow',
  events: 'events.ndjson',
  metrics: 'metrics.ndjson',
  messages: 'messages.ndjson',
  prometheus: 'prometheus.ndjson',
  logs: 'logs.ndjson',
} as const

/** No run takes longer, and no chart has room for more: a later time is a damaged one. In nanoseconds. */
export const LONGEST_RUN_NS = 7 * 24 * 3600 * 1e9

export type RecordFile = (typeof RECORD_FILES)[keyof typeof RECORD_FILES]

/** A whole record in memory. */
export interface RunRecord {
  manifest: Manifest
  fleet: FleetTable
  clients: ClientEvents
  /** Ordered by `t`. */
  events: RecordEvent[]
  /** Ordered by `t`. */
  scrapes: Scrape[]
  /** Weir's own scrapes where `scrapes` are those of a Prometheus: they show how the pods answered weir. Not in any file. */
  polls?: Scrape[]
  /** What a Prometheus scraped meanwhile. Ordered by `t`; absent when none was to be read, and in records of older versions. */
  prometheus?: Scrape[]
  /** Absent when the fleet had no traffic, when the run was killed before its end, and in records of older versions. */
  messages?: Messages
  /** What EMQX printed in its pods. Ordered by `t`; absent when the run did not follow it, and in records of older versions. */
  logs?: LogRow[]
  /** What could not be read, e.g. a last line cut off by a crash. */
  damage: { file: RecordFile; what: string }[]
}
