import { type ClientEvents, copyClientColumns, pickClientRows } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { podClocks, podOfClient } from '../evidence/fleet-clock.ts'
import { judgedSpan } from '../evidence/span.ts'

/** So little makes no difference to any assertion. */
const LEAST_MS = 0.5

/** Which way the pods' clocks may be off: all alike, and neighbours against each other. */
const WAYS: readonly ((pod: number) => number)[] = [
  () => 1,
  () => -1,
  (pod) => (pod % 2 === 0 ? 1 : -1),
  (pod) => (pod % 2 === 0 ? -1 : 1),
]

export interface OtherClocks {
  clients: () => ClientEvents
  /** Of the pod whose clock may be off most. */
  errorMs: number
}

/** The clients' events as they are when the clocks of the fleet's pods were off by as much as they may have been. */
export function otherPodClocks(run: RunView): OtherClocks[] {
  const podOf = podOfClient(run)
  if (!podOf) return []
  const { fromT, toT } = judgedSpan(run)
  const errors = podClocks(run, fromT, toT).map(({ errorMs }) => (Number.isFinite(errorMs) ? errorMs : 0))
  const errorMs = Math.max(0, ...errors)
  if (errorMs < LEAST_MS) return []
  return WAYS.map((way) => ({
    clients: () =>
      shifted(run.record.clients, (client) => {
        const pod = podOf(client)
        return way(pod) * (errors[pod] ?? 0) * 1e6
      }),
    errorMs,
  }))
}

/** Events moved by so many nanoseconds, by their client, and in order of time again. */
function shifted(events: ClientEvents, byNs: (client: number) => number): ClientEvents {
  const moved = copyClientColumns(events)
  for (let row = 0; row < moved.length; row++) moved.t[row]! += byNs(moved.client[row]!)
  const order = Uint32Array.from({ length: moved.length }, (_, row) => row)
  return pickClientRows(
    moved,
    order.sort((a, b) => moved.t[a]! - moved.t[b]! || a - b),
  )
}
