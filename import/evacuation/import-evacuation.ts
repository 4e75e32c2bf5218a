import { WeirError } from '#weir/errors/index.ts'
import { type AssertionId, type AssertRequest, assertionsOn, type RecordEvent } from '#weir/facts/index.ts'
import { recordOf } from '#weir/record/in-memory.ts'
import type { RunRecord } from '#weir/record/run-record.ts'
import type { ImportOptions } from '../options.ts'
import { addEnds, type History, historyOf, type Silent } from './client-history.ts'
import { closingTime } from './closing-time.ts'
import { drainsOf, type NodeDrain } from './drained-nodes.ts'
import { samplesOf, scrapesOf, setAndPodEvents } from './node-events.ts'
import { nodeNames } from './node-names.ts'
import { parametersOf } from './parameters.ts'
import { rebalancedMs } from './rebalance.ts'
import { type Recording, readRecording } from './recording.ts'
import { awayByPlan } from './stay-away.ts'

/** Assertions that a recording without Kubernetes can answer. */
const ASKED = assertionsOn(['clients', 'sessions', 'gauges', 'evacuation-status'])

/** Questions about evacuations: a rebalance levels donors all at once, leaves them in service, and clients may come back to them. */
const OF_EVACUATIONS: readonly AssertionId[] = [
  'evacuation-states',
  'undisturbed-before',
  'evacuation-serial',
  'eviction-floor',
  'landing',
]

/** Without clients: what gauges alone tell. */
const OF_GAUGES: readonly AssertionId[] = ['eviction-slope', 'evacuation-serial', 'conservation']

function assertsOf(recording: Recording, drains: readonly NodeDrain[]): AssertRequest[] {
  const isRebalance = drains.some(({ process }) => process === 'rebalance')
  const ids = recording.clients.length === 0 ? OF_GAUGES : [...ASKED, 'evacuation-serial' as const]
  if (!isRebalance) return ids.map((id) => ({ id }))
  return [...ids.filter((id) => !OF_EVACUATIONS.includes(id)), 'balance' as const].map((id) => ({ id }))
}

/**
 * Makes a record of a recorded evacuation of real EMQX nodes: connections, evictions, refusals, reconnects, and the nodes' metrics.
 * Times count from the recording's first row. `told`: what the recording may not say. Throws WEIR_IMPORT_INVALID.
 */
export function importEvacuation(dir: string, told: ImportOptions = {}): RunRecord {
  const recording = readRecording(dir)
  const { clients, nodes } = recording
  if (clients.length === 0 && nodes.length === 0)
    throw new WeirError(
      'WEIR_IMPORT_INVALID',
      `${dir} has neither events.csv nor scrape.csv with rows: name the folder of a recorded evacuation`,
    )
  const drains = drainsOf(recording, told.nodes)
  if (drains.length === 0)
    throw new WeirError(
      'WEIR_IMPORT_INVALID',
      `${dir} shows no evacuation: no node is evacuated and none loses its clients; name the nodes with --node`,
    )
  const timesMs = [
    ...clients.slice(0, 1).map(({ tMs, latencyMs }) => tMs - latencyMs),
    ...nodes.slice(0, 1).map(({ tMs }) => tMs),
  ]
  const zeroMs = Math.min(...timesMs)
  const clock = (tMs: number) => Math.round((tMs - zeroMs) * 1e6)
  const closingMs = closingTime(recording.clients, drains)
  const endMs = Math.max(clients.at(-1)?.tMs ?? zeroMs, nodes.at(-1)?.tMs ?? zeroMs)
  const history = historyOf(recording.clients, zeroMs, closingMs)
  const away = awayByPlan(history.silent, recording, closingMs ?? endMs)
  addEnds(history.columns, 'away', away, zeroMs)
  addEnds(history.columns, 'gave-up', givenUp(history, away, closingMs ?? endMs), zeroMs)
  const triggerMs = drains[0]!.notBeforeMs
  const nameOf = nodeNames(recording)
  return recordOf({
    parameters: parametersOf(recording, history, drains, told),
    manifest: {
      scenario: { name: 'imported-evacuation', description: 'a recorded evacuation', resolved: null },
      clock: { source: 'monotonic', anchorUnixMs: zeroMs },
      asserts: assertsOf(recording, drains),
      notes: notesOf(recording, away.length, drains),
      end: { t: clock(endMs), how: 'completed' },
    },
    fleet: history.fleet,
    clients: history.columns.take(),
    events: [
      ...marksOf(recording, drains, triggerMs, closingMs, clock),
      ...setAndPodEvents(nodesIn(recording), drains, nameOf, clock(triggerMs)),
      ...samplesOf(recording, nameOf, clock),
    ],
    scrapes: scrapesOf(recording.nodes, nameOf, clock),
  })
}

/** Clients that had time for several more attempts and made none: they never reconnect. */
function givenUp(history: History, away: readonly Silent[], untilMs: number): Silent[] {
  const longest = history.waitsMs.reduce((most, one) => Math.max(most, one), 1000)
  const planned = new Set(away.map((one) => one.client))
  return history.silent.filter((one) => !planned.has(one.client) && untilMs - one.tMs > 3 * longest)
}

function nodesIn(recording: Recording): string[] {
  const all = [...recording.nodes, ...recording.clients].map((row) => row.node)
  return [...new Set(all)].filter((node) => node !== '')
}

function marksOf(
  recording: Recording,
  drains: readonly NodeDrain[],
  triggerMs: number,
  closingMs: number | undefined,
  clock: (tMs: number) => number,
): RecordEvent[] {
  const readyMs = recording.clients.findLast((row) => row.event === 'connack' && row.tMs < triggerMs)?.tMs
  const doneMs = drains.some(({ process }) => process === 'rebalance')
    ? rebalancedMs(recording, drains)
    : drains.at(-1)?.states.find((one) => one.state === 'prohibiting')?.seenMs
  const mark = (
    name: Extract<RecordEvent, { type: 'mark' }>['name'],
    tMs: number | undefined,
  ): RecordEvent[] => (tMs === undefined ? [] : [{ t: clock(tMs), type: 'mark', name }])
  return [
    ...mark('cluster-ready', readyMs),
    ...mark('fleet-ready', readyMs),
    ...mark('trigger', triggerMs),
    ...mark('upgrade-done', doneMs),
    // A moment before: the first close is already the recorder's own.
    ...mark('fleet-stopping', closingMs === undefined ? undefined : closingMs - 1),
  ]
}

function notesOf(recording: Recording, away: number, drains: readonly NodeDrain[]): string[] {
  const names = drains.map((drain) => drain.node).join(', ')
  return [
    drains.some(({ process }) => process === 'rebalance')
      ? `imported: ${names} gave clients away in a rebalance and counts as the old set, every other node as the new one`
      : `imported: ${names} was evacuated and counts as the old set, every other node as the new one`,
    ...[...recording.unknownStates].map(
      ([state, polls]) =>
        `${polls} polls report the state "${state}", which EMQX does not have: taken as unknown`,
    ),
    ...(away > 0
      ? [`${away} persistent clients never tried again while their sessions stayed parked: away by plan`]
      : []),
    ...(recording.skipped > 0 ? [`${recording.skipped} lines of the recording could not be read`] : []),
  ]
}
