import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { isByPod } from './by-pod.ts'
import { servingCount, servingT } from './new-set.ts'
import { othersOf } from './others.ts'
import { askedOf } from './requested.ts'
import { openAt, takeoverSeconds } from './tracks.ts'
import { SECOND } from './wording.ts'

/** What EMQX and an operator add to one node's evacuation besides its waits: the tick that ends it, and the end of its pod. */
const TICK_SECONDS = 1
const POD_END_SECONDS = 2

/** What a node holds when the change is made. */
interface Load {
  connections: number
  sessions: number
}

/**
 * How long the upgrade takes by the resource's numbers, from when the new set served in fact: without the allowances that the limits
 * have for sets that start slowly, pods that end slowly, and a slow machine.
 */
export function estimatedSeconds(run: RunView): number | null {
  const { trigger } = run.moments
  const serves = servingT(run)
  if (trigger === undefined || serves === undefined || isByPod(run)) return null
  const { dialect, pollIntervalSeconds } = run.parameters
  const { connEvictRate, sessEvictRate, initialDelaySeconds, waitTakeoverSeconds } = askedOf(run)
  const { sessionsOn } = othersOf(run)
  const each = run.nodes.flatMap((node, index) => {
    if (node.side !== 'old') return []
    const held = openAt(run, index, trigger)
    const sessions = sessionsOn.get(index) ?? 0
    const end = pollIntervalSeconds + POD_END_SECONDS
    if (held + sessions === 0 && dialect.skipsEmptyNodes) return [waitTakeoverSeconds + end]
    const evicting = Math.ceil(held / connEvictRate) + Math.ceil(sessions / sessEvictRate)
    return [dialect.healthCheckWaitSeconds + evicting + takeoverSeconds(run) + TICK_SECONDS + end]
  })
  const moving = each.reduce((sum, value) => sum + value, 0)
  return Math.round((serves - trigger) / SECOND + initialDelaySeconds + moving)
}

/** The time that a new set may take until it serves: cores and replicants start one after the other. */
export function newSetLimit({ nodes }: RunView, bounds: Bounds<'duration'>): number {
  return new Set(nodes.map(({ role }) => role)).size * bounds.newSetSeconds
}

/**
 * The time that operator and EMQX may take from when the new set serves until the resource reports that all is done: the resource's
 * waits and rates, with a fixed allowance for each. Pods that are replaced one by one start within it.
 */
export function movingLimit(run: RunView, bounds: Bounds<'duration'>): number {
  const { pollIntervalSeconds } = run.parameters
  const start = isByPod(run) ? bounds.newSetSeconds : 0
  const each = loads(run).map((load) => nodeLimit(run, load, bounds) + start)
  return (
    askedOf(run).initialDelaySeconds +
    pollIntervalSeconds +
    each.reduce((sum, value) => sum + value, 0) +
    pollIntervalSeconds +
    bounds.statusSeconds
  )
}

/**
 * The same of one node until its pod is gone. The operator needs a look to begin, and one to see the end. An empty node may be
 * removed without an evacuation (docs/contract/operator.md#v2beta1-drain).
 */
export function nodeLimit(run: RunView, load: Load, bounds: Bounds<'duration'>): number {
  const { dialect, pollIntervalSeconds } = run.parameters
  const { connEvictRate, sessEvictRate, waitTakeoverSeconds } = askedOf(run)
  const looks = 2 * pollIntervalSeconds
  if (load.connections + load.sessions === 0 && dialect.skipsEmptyNodes)
    return waitTakeoverSeconds + bounds.waitSeconds + looks + bounds.terminationSeconds
  const evicting = (count: number, rate: number) =>
    rate > 0 ? (Math.ceil(count / rate) + TICK_SECONDS) / bounds.rateShare : 0
  return (
    dialect.healthCheckWaitSeconds +
    bounds.waitSeconds +
    evicting(load.connections, connEvictRate) +
    takeoverSeconds(run) +
    bounds.waitSeconds +
    evicting(load.sessions, sessEvictRate) +
    looks +
    bounds.terminationSeconds
  )
}

/**
 * What each old node holds: the connections at the change, or what EMQX counted when it began to evacuate it. Where neither is known, an
 * equal share each.
 */
function loads(run: RunView): Load[] {
  const { clients, nodes, otherClients = 0 } = run.parameters
  const trigger = run.moments.trigger ?? 0
  const serving = servingCount(run)
  const { sessionsOn } = othersOf(run)
  const old = run.nodes.flatMap((node, index) => {
    if (node.side !== 'old') return []
    const held = openAt(run, index, trigger)
    const own = loadOf(run, held + (held > 0 ? otherClients / serving : 0), sessionsOn.get(index))
    return [atLeast(own, evacuatedLoad(run, index))]
  })
  if (old.some(({ connections }) => connections > 0)) return old
  const share = (clients + otherClients) / serving
  return Array.from({ length: nodes }, (_, i) => loadOf(run, i < serving ? share : 0))
}

/** What was on a node when EMQX began to evacuate it, by EMQX's count of its clients. */
export function evacuatedLoad(run: RunView, node: number): Load {
  const connections = run.evacuations.find((one) => one.node === node)?.initialConnected ?? 0
  return loadOf(run, connections, othersOf(run).sessionsOn.get(node))
}

const atLeast = (a: Load, b: Load): Load => ({
  connections: Math.max(a.connections, b.connections),
  sessions: Math.max(a.sessions, b.sessions),
})

/** A node with that many connections: of those of the fleet a known share has sessions that stay, all others may have. */
function loadOf(run: RunView, connections: number, otherSessions = 0): Load {
  const { fleet } = run.record
  const persistent = fleet.group.reduce((sum, group) => sum + (fleet.groups[group]?.persistent ? 1 : 0), 0)
  const isKnown = !run.parameters.otherClients && fleet.ids.length > 0
  const share = isKnown ? persistent / fleet.ids.length : 1
  return { connections, sessions: connections * share + otherSessions }
}
