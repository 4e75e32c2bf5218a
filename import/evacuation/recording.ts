import { WeirError } from '#weir/errors/index.ts'
import { type CsvRow, type CsvTable, numberIn, parseCsv } from '../csv.ts'
import { recordedText } from '../recorded-file.ts'

/** An event of one client, as recorded. Times are Unix milliseconds. */
export interface ClientRow {
  tMs: number
  event: 'connack' | 'disconnect' | 'close' | 'failed' | 'gave-up'
  client: string
  class: string
  node: string
  rc: number
  /** -1 if not recorded. */
  sessionPresent: number
  /** Milliseconds from CONNECT to this CONNACK. */
  latencyMs: number
}

/** One poll of one node. Counts that were not read are undefined. */
export interface NodeRow {
  tMs: number
  tookMs: number
  node: string
  connections: number | undefined
  live: number | undefined
  sessions: number | undefined
  clusterSessions: number | undefined
  apiConnections: number | undefined
  apiLive: number | undefined
  /** Undefined when the column is missing or the node did not answer; empty when the node was not evacuated. */
  state: string | undefined
  /** What EMQX was doing; a recorder that did not write it tells by the spelling of the states. */
  process: 'evacuation' | 'rebalance'
  body: EvacuationBody | undefined
}

export interface EvacuationBody {
  process?: string
  recipients?: string[]
  connection_eviction_rate?: number
  session_eviction_rate?: number
  session_recipients?: string[]
  state?: string
  stats?: Partial<
    Record<'initial_connected' | 'initial_sessions' | 'current_connected' | 'current_sessions', number>
  >
}

export interface Recording {
  clients: ClientRow[]
  nodes: NodeRow[]
  /** When the recorder noticed each change of state: not in order, and without the node's name. */
  states: { tMs: number; state: string }[]
  /** Invalid lines. */
  skipped: number
  /** States that EMQX does not have, with the number of polls that report them. */
  unknownStates: Map<string, number>
}

/** Reads a recorded evacuation: events.csv and scrape.csv (either may be gzipped or missing) and states.txt, if there is one. */
export function readRecording(dir: string): Recording {
  const events = tableOf(dir, 'events.csv', ['t_ms', 'event', 'client'])
  const scrape = tableOf(dir, 'scrape.csv', ['t_ms', 'node'])
  const clients = events?.rows.map(clientRow) ?? []
  const hasState = scrape?.columns.some((name) => name === 'lr_state' || name === 'lr_body') ?? false
  const unknownStates = new Map<string, number>()
  const nodes = scrape?.rows.map((row) => nodeRow(row, hasState, unknownStates)) ?? []
  const known = clients.filter((row): row is ClientRow => row !== undefined)
  return {
    unknownStates,
    clients: byTime(known.filter((row) => row.event !== undefined) as ClientRow[]),
    nodes: byTime(nodes.filter((row) => row !== undefined)),
    states: byTime(statesIn(recordedText(dir, 'states.txt') ?? '')),
    skipped: clients.length - known.length + nodes.filter((row) => row === undefined).length,
  }
}

/** Undefined where there is no such file. */
function tableOf(dir: string, name: string, needed: string[]): CsvTable | undefined {
  const text = recordedText(dir, name)
  if (text === undefined) return undefined
  const table = parseCsv(text)
  const missing = needed.filter((column) => !table.columns.includes(column))
  if (missing.length > 0 || table.rows.length === 0)
    throw new WeirError(
      'WEIR_IMPORT_INVALID',
      `${name} in ${dir} has no ${missing.length > 0 ? `column ${missing.join(', ')}` : 'rows'}: add the column, or see docs/import.md for the columns`,
    )
  return table
}

const EVENTS: Readonly<Record<string, ClientRow['event']>> = {
  connack: 'connack',
  disconnect: 'disconnect',
  close: 'close',
  error: 'failed',
  timeout: 'failed',
  failed: 'failed',
  'gave-up': 'gave-up',
  gave_up: 'gave-up',
}

/** A `reconnected` row repeats the CONNACK before it, so it is known and left out. */
function clientRow(row: CsvRow): ClientRow | undefined {
  const tMs = numberIn(row('t_ms'))
  const event = EVENTS[row('event')]
  if (tMs === undefined || row('client') === '') return undefined
  if (event === undefined && row('event') !== 'reconnected') return undefined
  return {
    tMs,
    event: event as ClientRow['event'],
    client: row('client'),
    class: row('class'),
    node: row('node'),
    rc: numberIn(row('rc')) ?? (event === 'connack' ? 0 : -1),
    sessionPresent: numberIn(row('session_present')) ?? -1,
    latencyMs: event === 'connack' ? Math.max(0, numberIn(row('extra')) ?? 0) : 0,
  }
}

function nodeRow(row: CsvRow, hasState: boolean, unknownStates: Map<string, number>): NodeRow | undefined {
  const tMs = numberIn(row('t_ms'))
  if (tMs === undefined || row('node') === '') return undefined
  const body = bodyIn(row('lr_body'))
  const { process, state } = stateIn(row, body, unknownStates)
  // A node that answered nothing said nothing about its state either.
  const answered = row('lr_status') !== '' || body !== undefined || state !== '' || row('connections') !== ''
  return {
    tMs,
    tookMs: numberIn(row('scrape_ms')) ?? 0,
    node: row('node'),
    connections: numberIn(row('connections')),
    live: numberIn(row('live_connections')),
    sessions: numberIn(row('sessions')),
    clusterSessions: numberIn(row('cluster_sessions')),
    apiConnections: numberIn(row('api_connections')),
    apiLive: numberIn(row('api_live')),
    state: hasState && answered ? state : undefined,
    process,
    body,
  }
}

/** A rebalance spells its states `wait_…`, an evacuation `waiting_…`: both are kept in the evacuation's spelling. */
const STATES: Readonly<Record<string, { process?: NodeRow['process']; state: string }>> = {
  wait_health_check: { process: 'rebalance', state: 'waiting_health_check' },
  wait_takeover: { process: 'rebalance', state: 'waiting_takeover' },
  waiting_health_check: { state: 'waiting_health_check' },
  evicting_conns: { state: 'evicting_conns' },
  waiting_takeover: { state: 'waiting_takeover' },
  evicting_sessions: { state: 'evicting_sessions' },
  prohibiting: { state: 'prohibiting' },
}

function stateIn(
  row: CsvRow,
  body: EvacuationBody | undefined,
  unknownStates: Map<string, number>,
): Pick<NodeRow, 'process'> & { state: string } {
  const word = row('lr_state') || (body?.state ?? '')
  const found = STATES[word]
  const isOff = word === '' || word === 'disabled'
  if (!isOff && found === undefined) unknownStates.set(word, (unknownStates.get(word) ?? 0) + 1)
  const isRebalance = (body?.process ?? found?.process) === 'rebalance'
  return { process: isRebalance ? 'rebalance' : 'evacuation', state: found?.state ?? '' }
}

/** JSON whose commas the recorder may have turned into semicolons, to keep them out of its CSV. */
function bodyIn(text: string): EvacuationBody | undefined {
  for (const json of [text, text.replaceAll(';', ',')])
    try {
      const value: unknown = JSON.parse(json)
      if (typeof value === 'object' && value !== null) return value as EvacuationBody
    } catch {
      // Not this spelling.
    }
  return undefined
}

function statesIn(text: string): { tMs: number; state: string }[] {
  return text.split('\n').flatMap((line) => {
    const found = /^\s*(\d+(?:\.\d+)?)\s.*?"?state"?\s*:\s*"?(\w+)/.exec(line)
    return found === null ? [] : [{ tMs: Number(found[1]) * 1000, state: found[2]! }]
  })
}

function byTime<T extends { tMs: number }>(rows: T[]): T[] {
  return rows.sort((a, b) => a.tMs - b.tMs)
}
