import { type Bounds, CLIENT_KIND, type ListingEvent } from '#weir/facts/index.ts'
import { connectionCovering, type RunView } from '#weir/record/view/index.ts'
import { endStateT, reconnectNs } from './span.ts'
import { blindTo } from './watches.ts'
import { SECOND } from './wording.ts'

/** Where every client was when the run ended. */
export interface EndState {
  t: number
  connected: number
  /** By plan, or after giving up. */
  away: number
  /** Offline for no longer than a reconnect takes: not yet known. */
  onTheWay: number[]
  lost: { client: number; row: number }[]
  neverConnected: number[]
  /** Clients whose reconnect policy gave up. */
  gaveUp: number
}

export function endState(run: RunView, bounds: Bounds<'conservation'>): EndState {
  const t = endStateT(run)
  const { connections } = run
  const clients = connections.firstOf.length - 1
  const { absent, gaveUp } = absentByChoice(run, t)
  const patienceNs = reconnectNs(run) * 2 + bounds.patienceSeconds * SECOND
  const state: EndState = { t, connected: 0, away: 0, onTheWay: [], lost: [], neverConnected: [], gaveUp }
  for (let client = 0; client < clients; client++) {
    const row = lastStartedBy(run, client, t)
    if (row < 0) state.neverConnected.push(client)
    else if (connections.to[row]! > t) state.connected++
    else if (absent[client] === 1 || connections.end[row] === 2) state.away++
    else if (t - connections.to[row]! <= patienceNs) state.onTheWay.push(client)
    else state.lost.push({ client, row })
  }
  return state
}

/** Clients that are away by plan after their last connection. */
function absentByChoice(run: RunView, untilT: number): { absent: Uint8Array; gaveUp: number } {
  const { clients } = run.record
  const absent = new Uint8Array(run.connections.firstOf.length - 1)
  let gaveUp = 0
  for (let i = 0; i < clients.length && clients.t[i]! <= untilT; i++) {
    const kind = clients.kind[i]
    if (kind === CLIENT_KIND.away) absent[clients.client[i]!] = 1
    else if (kind === CLIENT_KIND.connected) absent[clients.client[i]!] = 0
    else if (kind === CLIENT_KIND['gave-up']) gaveUp++
  }
  return { absent, gaveUp }
}

function lastStartedBy(run: RunView, client: number, t: number): number {
  const { connections } = run
  for (let row = connections.firstOf[client + 1]! - 1; row >= connections.firstOf[client]!; row--)
    if (connections.from[row]! <= t) return row
  return -1
}

/**
 * Two nodes that went on to list the same connection long after it began, in turns. One after the other is no ghost:
 * then the client moved, and the record lacks the rows of the move.
 */
export function ghosts(
  run: RunView,
  bounds: Bounds<'conservation'>,
): { client: number; nodes: [number, number]; fromT: number }[] {
  const { connections } = run
  const lasting = run.listedTwice.flatMap(({ connection, nodes, lastAskedT }) => {
    const fromT = connections.from[connection]!
    const isLasting = Math.min(...lastAskedT) - fromT >= bounds.ghostSeconds * SECOND
    return isLasting ? [{ client: connections.client[connection]!, nodes, fromT }] : []
  })
  return lasting.length === 0 ? [] : inTurns(run, lasting)
}

function inTurns<T extends { client: number; nodes: [number, number]; fromT: number }>(
  run: RunView,
  suspects: T[],
): T[] {
  const byId = new Map(suspects.map((one) => [run.record.fleet.ids[one.client] ?? '', one]))
  const firstT = new Map<T, [number, number]>()
  for (const listing of run.of('listing')) {
    const node = run.nodeAt(listing.node, listing.t) ?? -1
    for (const id of listing.connected) {
      const suspect = byId.get(id)
      const which = suspect?.nodes.indexOf(node) ?? -1
      if (suspect === undefined || which < 0 || listing.t - listing.tookNs < suspect.fromT) continue
      const first = firstT.get(suspect) ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
      first[which] = Math.min(first[which]!, listing.t)
      firstT.set(suspect, first)
    }
  }
  return suspects.filter((suspect) => {
    const first = firstT.get(suspect)
    return first !== undefined && isMutual(run, suspect, first)
  })
}

/** The node that listed it first listed it once more after the second had begun to. */
function isMutual(
  run: RunView,
  suspect: { client: number; nodes: [number, number] },
  firstT: [number, number],
): boolean {
  const id = run.record.fleet.ids[suspect.client] ?? ''
  const earlier = firstT[0] <= firstT[1] ? 0 : 1
  return run.of('listing').some((listing) => {
    if (run.nodeAt(listing.node, listing.t) !== suspect.nodes[earlier]) return false
    return listing.t - listing.tookNs > firstT[1 - earlier]! && listing.connected.includes(id)
  })
}

/**
 * Clients that are connected and in no node's list at the end, though every node that was left listed all of its
 * clients. Undefined when there is no such round of complete listings, or which nodes there are is unknown.
 *
 * While clients still move, a client may be evicted before the listing and notice, or be recorded, after it. Such a record
 * is asked of a round that it outlives by `patienceSeconds`, and of clients that kept their connection for as long.
 */
export function unlisted(run: RunView, bounds: Bounds<'conservation'>): number[] | undefined {
  const t = endStateT(run)
  const isOver = run.moments.changeDone !== undefined
  const round = finalRound(run, isOver ? t : t - bounds.patienceSeconds * SECOND)
  if (round === undefined) return undefined
  const listed = new Set(round.flatMap((listing) => listing.connected))
  const fromT = Math.min(...round.map((listing) => listing.t - listing.tookNs))
  // A node whose pod nobody could see come is not asked.
  if (blindTo(run, 'pods', fromT, t)) return undefined
  const toT = isOver ? Math.max(...round.map((listing) => listing.t)) : t
  const missing: number[] = []
  run.record.fleet.ids.forEach((id, client) => {
    const isOpen =
      client < run.connections.firstOf.length - 1 &&
      connectionCovering(run.connections, client, fromT, toT) >= 0
    if (isOpen && !listed.has(id)) missing.push(client)
  })
  return missing
}

/** The last listing until then of every node that is left, all complete and all asked after the move was over. */
function finalRound(run: RunView, untilT: number): ListingEvent[] | undefined {
  const doneT = run.moments.changeDone ?? run.moments.trigger ?? 0
  const left = run.nodes.flatMap((node, index) => {
    const isLeft = node.deletingT === undefined && node.deletedT === undefined
    return isLeft ? [index] : []
  })
  const last = new Map<number, ListingEvent>()
  for (const listing of run.of('listing')) {
    const node = run.nodeAt(listing.node, listing.t)
    if (node !== undefined && listing.t <= untilT && listing.t - listing.tookNs >= doneT)
      last.set(node, listing)
  }
  const round = left.flatMap((node) => last.get(node) ?? [])
  return round.length > 0 && round.length === left.length && round.every((one) => one.complete)
    ? round
    : undefined
}
