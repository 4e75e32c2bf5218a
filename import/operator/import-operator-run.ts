import { WeirError } from '#weir/errors/index.ts'
import {
  type AssertRequest,
  assertionsOn,
  type FleetTable,
  type MarkName,
  type RecordEvent,
} from '#weir/facts/index.ts'
import type { ClientEventRow } from '#weir/record/client-columns.ts'
import { recordOf } from '#weir/record/in-memory.ts'
import type { RunRecord } from '#weir/record/run-record.ts'
import type { ImportOptions } from '../options.ts'
import { countsOf, podAddresses, watchedEvents } from './cluster-events.ts'
import { operatorParameters } from './parameters.ts'
import { type OperatorRecording, readOperatorRecording } from './recording.ts'

/** Assertions that clients, pods and counts can answer. The resource's status is not imported: only dialects can read it. */
const ASSERTS: AssertRequest[] = assertionsOn(['clients', 'gauges', 'pods', 'service']).map((id) => ({ id }))

/** The recorder has only the end of an attempt; a connect on one host takes about this long. */
const CONNECT_SECONDS = 0.001

/** A recorded run of a real operator as a record. Throws WEIR_IMPORT_INVALID. */
export function importOperatorRun(dir: string, told: ImportOptions = {}): RunRecord {
  const recording = readOperatorRecording(dir)
  const first = recording.clients[0]
  if (first === undefined || recording.watched.length === 0)
    throw new WeirError('WEIR_IMPORT_INVALID', `${dir} has no client events or no watched objects`)
  const zero = Math.min(first.t, recording.watched[0]!.t, recording.counts[0]?.t ?? first.t) - CONNECT_SECONDS
  const clock = (t: number) => Math.round((t - zero) * 1e9)
  const fleet = fleetIn(recording)
  const { scrapes, samples } = countsOf(recording, clock)
  const stopT = stopOf(recording)
  const endT = Math.max(recording.clients.at(-1)!.t, recording.watched.at(-1)!.t)
  return recordOf({
    parameters: operatorParameters(recording, fleet.ids.length, told),
    manifest: {
      scenario: {
        name: 'imported-operator-run',
        description: 'a recorded run of a real operator',
        resolved: null,
      },
      clock: { source: 'monotonic', anchorUnixMs: zero * 1000 },
      asserts: ASSERTS,
      notes: [
        'imported: clients connected to each pod’s own listener through a NodePort; their sessions are unknown',
      ],
      end: { t: clock(endT), how: 'completed' },
    },
    fleet,
    clients: clientRows(recording, fleet, clock, stopT),
    events: [...marksOf(recording, stopT, clock), ...watchedEvents(recording, clock), ...samples],
    scrapes,
  })
}

function fleetIn(recording: OperatorRecording): FleetTable {
  const ids = [...new Set(recording.clients.map((row) => row.client))]
  const groups = [{ name: 'recorded', protocol: '5' as const, persistent: false, subscribed: false }]
  return { ids, group: ids.map(() => 0), groups }
}

function clientRows(
  recording: OperatorRecording,
  fleet: FleetTable,
  clock: (t: number) => number,
  stopT: number,
): ClientEventRow[] {
  const indexOf = new Map(fleet.ids.map((id, index) => [id, index]))
  const addresses = podAddresses(recording.watched)
  return recording.clients.flatMap((row): ClientEventRow[] => {
    const address = addresses.get(row.pod)
    const common = {
      t: clock(row.t),
      client: indexOf.get(row.client)!,
      ...(address === undefined ? {} : { target: `${address}:1883` }),
    }
    if (row.event === 'disconnected')
      // The cluster was deleted while clients were connected: no eviction.
      return [
        row.t >= stopT ? { ...common, kind: 'left' } : { ...common, kind: 'disconnected', reason: 'closed' },
      ]
    const attempt: ClientEventRow = { ...common, t: clock(row.t - CONNECT_SECONDS), kind: 'attempt' }
    if (row.event === 'connected') return [attempt, { ...common, kind: 'connected', code: 0 }]
    if (row.event === 'refused')
      return [attempt, { ...common, kind: 'refused', reason: 'connack', ...codeIn(row.detail) }]
    const reason = row.detail === 'econnrefused' ? 'connection-refused' : 'connack-timeout'
    return [attempt, { ...common, kind: 'failed', reason }]
  })
}

function codeIn(detail: string): { code?: number } {
  const found = /0x[0-9a-f]+|\d+/i.exec(detail)
  return found === null ? {} : { code: Number(found[0]) }
}

/** When the resource was deleted, Unix seconds: from then on pods are deleted on request. */
function stopOf(recording: OperatorRecording): number {
  const step = recording.steps.find((one) => one.text.includes('DELETE CR'))
  const seen = recording.watched.find(
    (one) =>
      one.kind === 'CR' && (one.type === 'DELETED' || one.object.metadata?.deletionTimestamp !== undefined),
  )
  return step?.t ?? seen?.t ?? Number.POSITIVE_INFINITY
}

function marksOf(recording: OperatorRecording, stopT: number, clock: (t: number) => number): RecordEvent[] {
  const connectedT = recording.clients.find((row) => row.event === 'connected')?.t ?? 0
  const generation = (one: OperatorRecording['watched'][number]) => one.object.metadata?.generation ?? 0
  const resources = recording.watched.filter((one) => one.kind === 'CR')
  const before = resources.findLast((one) => one.t <= connectedT)
  const changed = resources.find(
    (one) => one.t > connectedT && generation(one) > generation(before ?? resources[0]!),
  )
  const patched = recording.steps.find((one) => one.text.includes('PATCH') && one.text.includes('-> ok'))
  const done = recording.steps.find((one) => one.text.includes('done after'))
  const mark = (name: MarkName, t: number | undefined): RecordEvent[] =>
    t === undefined || !Number.isFinite(t) ? [] : [{ t: clock(t), type: 'mark', name }]
  return [
    ...mark(
      'trigger',
      Math.min(patched?.t ?? Number.POSITIVE_INFINITY, changed?.t ?? Number.POSITIVE_INFINITY),
    ),
    ...mark('upgrade-done', done?.t),
    ...mark('fleet-stopping', stopT - CONNECT_SECONDS),
  ]
}
