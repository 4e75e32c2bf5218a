import type { RunView } from '#weir/record/view/index.ts'

/** How often a client came back: each time its session, if it has one, was taken up by another connection. */
export function movesOf({ connections }: RunView, client: number): number {
  return Math.max(connections.firstOf[client + 1]! - connections.firstOf[client]! - 1, 0)
}

/** Whether a client came back within [fromT, toT]. Its first connection takes nothing up. */
export function movedWithin({ connections }: RunView, client: number, fromT: number, toT: number): boolean {
  const { firstOf, from } = connections
  for (let row = firstOf[client]! + 1; row < firstOf[client + 1]!; row++)
    if (from[row]! >= fromT && from[row]! <= toT) return true
  return false
}

/** Whether a client was without a connection when the fleet stopped, or never had one. */
export function isAwayAtEnd({ connections }: RunView, client: number, endT: number): boolean {
  const last = connections.firstOf[client + 1]! - 1
  return last < connections.firstOf[client]! || connections.to[last]! < endT
}
