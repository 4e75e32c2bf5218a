import type { PodEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { changed, honestRun, S, saysOf } from './honest-run.ts'

const base = honestRun()
const firstEvictionT = Number(saysOf(base, 'initial-delay').evidence.at(-1)?.fromT)

/** The first event of the honest run that shows a pod being deleted. */
export const deleting = base.events.find(
  (event): event is PodEvent => event.type === 'pod' && event.deleting,
)!

/** The last clients of the first deleted pod are evicted, and come back, only after its deletion. */
export function heldUntilDeleted(clientsHeld: number): RunRecord {
  // Nor did any listing see them elsewhere in between.
  const record = changed(honestRun(), (event) =>
    event.type === 'listing' &&
    event.t > deleting.t - 60 * S &&
    event.t < deleting.t + 3 * S &&
    event.t > firstEvictionT
      ? undefined
      : event,
  )
  const { clients } = record
  const rows = Array.from(clients.t.keys())
  const isLast = rows.filter((i) => clients.kind[i] === 5 && clients.t[i]! < deleting.t).slice(-clientsHeld)
  for (const i of isLast) {
    const [client, from] = [clients.client[i], clients.t[i]!]
    for (const j of rows)
      if (clients.client[j] === client && clients.t[j]! >= from)
        clients.t[j] = clients.t[j]! - from + deleting.t + 0.1 * S
  }
  const order = rows.sort((a, b) => clients.t[a]! - clients.t[b]!)
  return {
    ...record,
    clients: {
      ...clients,
      t: Float64Array.from(order, (i) => clients.t[i]!),
      client: Uint32Array.from(order, (i) => clients.client[i]!),
      kind: Uint8Array.from(order, (i) => clients.kind[i]!),
      reason: Uint16Array.from(order, (i) => clients.reason[i]!),
      code: Int16Array.from(order, (i) => clients.code[i]!),
      sessionPresent: Int8Array.from(order, (i) => clients.sessionPresent[i]!),
      target: Uint16Array.from(order, (i) => clients.target[i]!),
    },
  }
}
