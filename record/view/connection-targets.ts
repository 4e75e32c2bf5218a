import { CLIENT_KIND, type ClientEvents } from '#weir/facts/index.ts'
import type { Connections } from './types.ts'

/** Where each connection led: for each row an index into the targets of the events. */
export function targetsOfRows(events: ClientEvents, { length, firstOf }: Connections): Int32Array {
  const targets = new Int32Array(length)
  const next = firstOf.slice()
  for (let i = 0; i < events.length; i++) {
    // Rows and `connected` events have the same order, client by client.
    if (events.kind[i] !== CLIENT_KIND.connected) continue
    targets[next[events.client[i]!]!++] = events.target[i]!
  }
  return targets
}
