import { END } from '#weir/record/view/connections.ts'
import type { RunView } from '#weir/record/view/index.ts'

/**
 * By when a client that is subscribed must have got a message that was published at `t`: within `limitNs` while it is connected;
 * else within that of coming back to its session, as often as it takes. Undefined when nothing promises that it gets it: it has
 * no session then, or the record ends first.
 */
export function dueAt(
  run: RunView,
  watcher: number,
  t: number,
  { qos, limitNs, slackNs, endT }: { qos: 0 | 1 | 2; limitNs: number; slackNs: number; endT: number },
): number | undefined {
  const { connections, record } = run
  const first = connections.firstOf[watcher]!
  const after = connections.firstOf[watcher + 1]!
  const isKept = qos > 0 && (record.fleet.groups[record.fleet.group[watcher]!]?.persistent ?? false)
  let row = first
  while (row < after && connections.to[row]! < t - slackNs) row++
  // Its first connection may not have subscribed yet.
  if (row >= after || (row === first && connections.from[row]! > t - limitNs - slackNs)) return undefined
  for (; row < after; row++) {
    const fromT = Math.max(t, connections.from[row]!)
    const isTakenUp = row === first || connections.sessionPresent[row] === 1
    if (!isTakenUp && connections.from[row]! > t - slackNs) return undefined
    const due = fromT + limitNs
    if (due > endT) return undefined
    if (connections.end[row] === END.open || connections.to[row]! >= due) return due
    // It may have gone before the message reached it: then its session must keep it.
    if (!isKept) return undefined
  }
  return undefined
}
