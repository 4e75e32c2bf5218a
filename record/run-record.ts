import type { ClientEvents, FleetTable } from './clients.ts'
import type { RecordEvent } from './events.ts'
import type { Manifest } from './manifest.ts'
import type { Scrape } from './scrapes.ts'

export const RECORD_FILES = {
  manifest: 'run.json',
  fleet: 'fleet.json',
  clients: 'clients.arrow',
  events: 'events.ndjson',
  metrics: 'metrics.ndjson',
} as const

export type RecordFile = (typeof RECORD_FILES)[keyof typeof RECORD_FILES]

/** A whole record in memory: what the reader returns, what a simulator makes, and all that an assertion sees. */
export interface RunRecord {
  manifest: Manifest
  fleet: FleetTable
  clients: ClientEvents
  /** Ordered by `t`. */
  events: RecordEvent[]
  /** Ordered by `t`. */
  scrapes: Scrape[]
  /** What could not be read, e.g. a last line cut off by a crash. */
  damage: { file: RecordFile; what: string }[]
}
