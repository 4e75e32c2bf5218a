import { type ClientEvents, clientRowsBetween } from '#weir/facts/index.ts'
import type { RecordFile, RunRecord } from '#weir/record/index.ts'

/**
 * Facts reach their file up to this long after they happened, and not in order: so much before a cut may be missing. Half a second where
 * every thread of the fleet gets a processor, seconds where one gets none.
 */
const WRITE_LAG_NS = 5e9
/** A whole record has facts of every kind almost to its end; a file that stops this long before was cut between lines. */
const SILENCE_NS = 10e9

/**
 * The record up to where its client events or its other events break off, as a run that was killed there would have left it:
 * otherwise later facts of the one file would be compared with facts of the other that are gone. Scrapes are compared with both,
 * but neither with them: where they end is another question (`scrapesEndT`). The same record when no file is truncated. A file with
 * nothing in it gives no such time; then only the end of the run is taken as unknown.
 */
export function upToTruncation(record: RunRecord): RunRecord {
  const cut = cutFiles(record)
  if (cut.length === 0) return record
  const { end: _, ...manifest } = record.manifest
  // The account of the messages is closed at the very end: it names clients that the other files no longer have.
  const { messages: _messages, ...parts } = record
  const lastT = cut.map((file) => lastTimeIn(record, file)).filter((t) => t !== undefined)
  if (lastT.length === 0) return { ...parts, manifest }
  const cutT = Math.min(...lastT)
  // That the change was made is known, even where nothing is of what followed.
  const triggerT = record.events.find(isMark('trigger'))?.t ?? 0
  return { ...upTo(parts, Math.max(cutT - WRITE_LAG_NS, Math.min(triggerT, cutT))), manifest }
}

/** The facts of a record up to a time. */
export function upTo(record: RunRecord, untilT: number): RunRecord {
  return {
    ...record,
    clients: firstRows(record.clients, untilT),
    events: record.events.filter(({ t }) => t <= untilT),
    scrapes: record.scrapes.filter(({ t }) => t <= untilT),
    ...(record.polls && { polls: record.polls.filter(({ t }) => t <= untilT) }),
    ...(record.logs && { logs: record.logs.filter(({ t }) => t <= untilT) }),
  }
}

type DataFile = Extract<RecordFile, 'clients.arrow' | 'events.ndjson' | 'metrics.ndjson'>

/** When the last scrape was made, where the scrapes end before the run. */
export function scrapesEndT(record: RunRecord): number | undefined {
  return isCut(record, 'metrics.ndjson') ? lastTimeIn(record, 'metrics.ndjson') : undefined
}

const cutFiles = (record: RunRecord): DataFile[] =>
  (['clients.arrow', 'events.ndjson'] as const).filter((file) => isCut(record, file))

const isCut = (record: RunRecord, file: DataFile) =>
  record.damage.some((one) => one.file === fileOf(record, file)) || fallsSilent(record, file)

/** Where `scrapes` are those of a Prometheus, they have another file. */
const fileOf = ({ polls }: RunRecord, file: DataFile) =>
  file === 'metrics.ndjson' && polls ? 'prometheus.ndjson' : file

/** A text that is cut just after a line looks whole: only that it stops too soon gives it away. */
function fallsSilent(record: RunRecord, file: DataFile): boolean {
  const { end, parameters } = record.manifest
  const lastT = lastTimeIn(record, file)
  // Recordings of other tools have no clients, and no marks of a run either.
  if (file === 'clients.arrow' || end?.how !== 'completed' || record.clients.length === 0) return false
  if (lastT === undefined) return file === 'events.ndjson'
  if (file === 'events.ndjson')
    return record.events.some(isMark('trigger')) && !record.events.some(isMark('fleet-stopping'))
  const interval = (parameters?.scrapeIntervalSeconds ?? 0) * 1e9
  // Scrapes that follow the fleet's leaving are not judged, and it may take a while to leave.
  const stoppingT = record.events.find(isMark('fleet-stopping'))?.t ?? end.t
  return lastT < Math.min(end.t, stoppingT) - Math.max(SILENCE_NS, 3 * interval)
}

const isMark = (name: string) => (event: RunRecord['events'][number]) =>
  event.type === 'mark' && event.name === name

function lastTimeIn({ clients, events, scrapes }: RunRecord, file: DataFile): number | undefined {
  if (file === 'clients.arrow') return clients.length > 0 ? clients.t[clients.length - 1] : undefined
  return (file === 'events.ndjson' ? events : scrapes).at(-1)?.t
}

function firstRows(clients: ClientEvents, untilT: number): ClientEvents {
  let length = 0
  while (length < clients.length && clients.t[length]! <= untilT) length++
  return clientRowsBetween(clients, 0, length)
}
