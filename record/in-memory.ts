import {
  type ClientEvents,
  type FleetTable,
  type LogRow,
  type Manifest,
  type Messages,
  type Parameters,
  RECORD_FORMAT,
  type RecordEvent,
  type Scrape,
} from '#weir/facts/index.ts'
import { ClientColumns, type ClientEventRow } from './client-columns.ts'
import { sortedByTime } from './lines-reader.ts'
import type { RunRecord } from './run-record.ts'

export interface RecordParts {
  parameters?: Parameters
  manifest?: Partial<Manifest>
  fleet: FleetTable
  /** Rows in any order, or columns that are sorted already. */
  clients?: readonly ClientEventRow[] | ClientEvents
  events?: readonly RecordEvent[]
  scrapes?: readonly Scrape[]
  prometheus?: readonly Scrape[]
  messages?: Messages
  logs?: readonly LogRow[]
  damage?: RunRecord['damage']
}

/** A record made of arrays instead of files: for simulators, importers and tests. */
export function recordOf(parts: RecordParts): RunRecord {
  return {
    manifest: manifestOf(parts),
    fleet: parts.fleet,
    clients: columnsOf(parts.clients ?? []),
    events: sortedByTime([...(parts.events ?? [])]),
    scrapes: sortedByTime([...(parts.scrapes ?? [])]),
    ...(parts.prometheus && { prometheus: sortedByTime([...parts.prometheus]) }),
    ...(parts.messages && { messages: parts.messages }),
    ...(parts.logs && { logs: sortedByTime([...parts.logs]) }),
    damage: parts.damage ?? [],
  }
}

/** A fleet of `clients` members whose ids are `prefix` and their index; groups take turns. */
export function fleetOf(clients: number, groups: FleetTable['groups'], prefix = 'c'): FleetTable {
  const ids = Array.from({ length: clients }, (_, k) => `${prefix}${k}`)
  return { ids, group: ids.map((_, k) => k % groups.length), groups }
}

function manifestOf(parts: RecordParts): Manifest {
  return {
    format: RECORD_FORMAT,
    weir: '0.0.0',
    scenario: { name: 'in-memory', resolved: null },
    seed: 0,
    clock: { source: 'monotonic', anchorUnixMs: 0 },
    host: { node: '', platform: '', cpus: 0, memoryMiB: 0 },
    versions: {},
    ...(parts.parameters === undefined ? {} : { parameters: parts.parameters }),
    asserts: [],
    knownDeviations: [],
    notes: [],
    ...parts.manifest,
  }
}

function columnsOf(clients: readonly ClientEventRow[] | ClientEvents): ClientEvents {
  if (!isRows(clients)) return clients
  const columns = new ClientColumns()
  for (const row of clients) columns.add(row)
  return columns.take()
}

function isRows(clients: readonly ClientEventRow[] | ClientEvents): clients is readonly ClientEventRow[] {
  return Array.isArray(clients)
}
