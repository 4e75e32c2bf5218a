import {
  CLIENT_KIND,
  type ClientEvents,
  copyClientColumns,
  type Definition,
  definitionOf,
  isAssertionId,
  isOfPod,
  type Need,
  pickClientRows,
  setClientRow,
} from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { type LostPod, lostPods, type RunView } from '#weir/record/view/index.ts'
import { moment } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { upTo } from './truncation.ts'

/** What was lost, as clauses. */
export const lossWords = (run: RunView): string[] =>
  lostPods(run.record).map(({ how, sinceT, clients }) =>
    MESSAGES.verdict.podLost({ how, at: moment(run, sinceT), clients }),
  )

/** Clients of the fleet, and what only they show or cause. */
const OF_FLEET: readonly Need[] = [
  ...(['clients', 'sessions', 'subscriptions', 'traffic', 'gauges'] as const),
  ...(['evictions', 'first-eviction', 'fleet-alone'] as const),
]

/** Whether the whole fleet is needed for an assertion to say anything. */
export function needsFleet(id: string): boolean {
  if (!isAssertionId(id)) return false
  const { needs, holdsMoreEasilyWithFewer }: Definition = definitionOf(id)
  return holdsMoreEasilyWithFewer === true || needs.some((need) => OF_FLEET.includes(need))
}

/** The record as long as the whole fleet was known: a failure within it stands. */
export function upToLoss(record: RunRecord, { sinceT, how }: LostPod): RunRecord {
  // The account of the messages is that of the whole run, and lacks the pod's part.
  const { messages: _, ...cut } = upTo(record, sinceT)
  const end = { t: sinceT, how: 'interrupted', reason: how } as const
  return { ...cut, manifest: { ...record.manifest, end } }
}

/** The record as it is when the clients of lost pods had left by plan: how they stand is not known. */
export function withClientsGone(record: RunRecord, lost: readonly LostPod[]): RunRecord {
  return { ...record, clients: lost.reduce((events, pod) => leftWith(events, pod, record), record.clients) }
}

function leftWith(events: ClientEvents, pod: LostPod, { fleet }: RunRecord): ClientEvents {
  const gone = fleet.ids.flatMap((_, client) => (isOfPod(pod, client) ? [client] : []))
  const kept = Array.from({ length: events.length }, (_, row) => row).filter(
    (row) => events.t[row]! <= pod.sinceT || !isOfPod(pod, events.client[row]!),
  )
  const table = copyClientColumns(pickClientRows(events, kept), kept.length + gone.length)
  for (const client of gone)
    setClientRow(table, table.length++, pod.sinceT, client, CLIENT_KIND.left, 0, -1, -1, 0)
  const order = Uint32Array.from({ length: table.length }, (_, row) => row)
  return pickClientRows(
    table,
    order.sort((a, b) => table.t[a]! - table.t[b]! || a - b),
  )
}
