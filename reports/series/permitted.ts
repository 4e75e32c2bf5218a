import type { RunView } from '#weir/record/view/index.ts'

/** The lowest count that the configured rate permits a node while it evacuates: a line from its start down to zero. */
export interface PermittedSlope {
  node: number
  fromT: number
  toT: number
  /** Connections permitted at `fromT` and at `toT`. */
  fromCount: number
  toCount: number
}

/**
 * One line an evacuation, from the connections that the node's clients held when it may first have begun. `burst` is
 * what the envelope allows beyond the rate: a node that obeys never lies below its line.
 */
export function permittedSlopes(run: RunView, burst: number): PermittedSlope[] {
  if (!run.hasParameters || run.parameters.connEvictRate <= 0) return []
  const rate = run.parameters.connEvictRate
  return run.evacuations.flatMap((evacuation) => {
    const evicting = evacuation.states.find(({ state }) => state !== 'waiting_health_check')
    if (!evicting) return []
    const fromT = Math.max(evicting.notBeforeT, 0)
    const held = heldAt(run, evacuation.node, fromT)
    const fromCount = Math.max(0, held - burst)
    return [{ node: evacuation.node, fromT, toT: fromT + (fromCount / rate) * 1e9, fromCount, toCount: 0 }]
  })
}

function heldAt(run: RunView, node: number, t: number): number {
  const { connections } = run
  let held = 0
  for (let row = 0; row < connections.length; row++)
    if (connections.node[row] === node && connections.from[row]! <= t && connections.to[row]! > t) held++
  return held
}
