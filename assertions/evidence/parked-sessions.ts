import type { RunView } from '#weir/record/view/index.ts'
import { type StepCount, stepCount } from '../statistics/index.ts'
import { oncePerRun } from './once.ts'

/**
 * Sessions without a client, which the channel count (`emqx_connections_count`) still counts: of persistent clients
 * that are offline. One stays where its client was until it is taken over, or until that node moves its sessions to
 * another, unknown node.
 */
export interface ParkedSessions {
  /** At most so many on that node because the client was there last. */
  onNode: Map<number, StepCount>
  /** At most so many anywhere. */
  anywhere: StepCount
  /** From then on a session may have been moved to any node. Infinity when none was. */
  movedFromT: number
}

export const parkedSessions = oncePerRun(findParked)

function findParked(run: RunView): ParkedSessions {
  const { fleet } = run.record
  const { spells } = run
  const persistent = fleet.groups.map((group) => group.persistent)
  const from = new Map<number, number[]>()
  const to = new Map<number, number[]>()
  for (let i = 0; i < spells.length; i++) {
    if (persistent[fleet.group[spells.client[i]!]!] !== true) continue
    push(from, spells.fromNode[i]!, spells.from[i]!)
    push(to, spells.fromNode[i]!, spells.to[i]!)
  }
  // A state that no sample shows may lie before a later one, and where none is known, anywhere after the first eviction.
  const moving = run.evacuations.map(({ states, lastSeenT }) => {
    const moved = states.find(({ state }) => state === 'evicting_sessions' || state === 'prohibiting')
    return moved?.notBeforeT ?? lastSeenT
  })
  const unknownT = run.evacuations.length === 0 ? run.evictions.t[0] : undefined
  return {
    onNode: new Map([...from].map(([node, ups]) => [node, stepCount(ups, to.get(node) ?? [])])),
    anywhere: stepCount([...from.values()].flat(), [...to.values()].flat()),
    movedFromT: Math.min(unknownT ?? Number.POSITIVE_INFINITY, ...moving),
  }
}

function push(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
