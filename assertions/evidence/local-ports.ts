import type { RunView } from '#weir/record/view/index.ts'

/** Clients whose connection is another than before, by the port of their own end. */
export interface PortChange {
  client: number
  t: number
  from: number
  to: number
}

/**
 * Connections that were open at `fromT` and whose client left by plan after it: the port of its end, read when it connected and when it
 * left. Connections of which one of both is unknown, as in older records, are counted apart.
 */
export function localPorts(
  run: RunView,
  fromT: number,
): { same: number; changed: PortChange[]; unknown: number } {
  const { length, client, from, to, end, fromPort, toPort } = run.connections
  const found = { same: 0, changed: [] as PortChange[], unknown: 0 }
  for (let i = 0; i < length; i++) {
    if (from[i]! > fromT || to[i]! <= fromT) continue
    const [was, is] = [fromPort[i]!, toPort[i]!]
    // Only the end by plan has a port.
    if (was === 0 || is === 0 || end[i] !== 2) found.unknown++
    else if (was === is) found.same++
    else found.changed.push({ client: client[i]!, t: to[i]!, from: was, to: is })
  }
  return found
}
