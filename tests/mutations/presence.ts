import { lastAtOrBefore, type StepCount, stepCount } from '#weir/assertions/statistics/index.ts'
import type { Evacuation, RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { SECOND } from './mutation.ts'
import type { Row } from './world.ts'

interface Stay {
  client: number
  node: number
  fromT: number
  toT: number
  /** Until when its node holds a session for it. */
  sessionToT: number
}

/** Where clients are at any moment, from their rows. */
export class Presence {
  readonly stays: Map<number, Stay[]>

  constructor(rows: readonly Row[], persistent: (client: number) => boolean) {
    const byClient = Map.groupBy(rows, (row) => row.client)
    this.stays = new Map([...byClient].map(([client, own]) => [client, staysOf(own, persistent(client))]))
  }

  /** The record with gauges, `/nodes`, listings and evacuation counts as they are with these clients instead of those `before`. */
  shownIn(record: RunRecord, view: RunView, before: Presence): RunRecord {
    const live = new Difference(before, this, (stay) => stay.toT)
    const channels = new Difference(before, this, (stay) => stay.sessionToT)
    const { connectionsMetric, liveConnectionsMetric } = view.parameters.dialect
    const indexOf = (name: string, pod = '') => view.nodeByName.get(name) ?? view.nodeByPod.get(pod) ?? -1
    const scrapes = record.scrapes.map((scrape) => {
      const node = indexOf(scrape.node, scrape.pod)
      const metrics = { ...scrape.metrics }
      const [all, alive] = [metrics[connectionsMetric], metrics[liveConnectionsMetric]]
      if (alive !== undefined) metrics[liveConnectionsMetric] = live.shown(node, scrape.t, alive)
      if (all !== undefined) metrics[connectionsMetric] = channels.shown(node, scrape.t, all)
      return { ...scrape, metrics }
    })
    const begunT = firstSeen(record.events)
    const ids = new Map([...this.#changed(before)].map((client) => [record.fleet.ids[client]!, client]))
    const events = record.events.map((event): RecordEvent => {
      if (event.type === 'nodes') {
        const nodes = event.nodes.map((one) => {
          const node = indexOf(one.node)
          const { connections, liveConnections } = one
          return {
            ...one,
            ...(connections !== undefined && { connections: channels.shown(node, event.t, connections) }),
            ...(liveConnections !== undefined && {
              liveConnections: live.shown(node, event.t, liveConnections),
            }),
          }
        })
        return { ...event, nodes }
      }
      if ('evacuations' in event) {
        const evacuations = event.evacuations.map((one): Evacuation => {
          const node = indexOf(one.node)
          return {
            ...one,
            initialConnected: live.shown(node, begunT.get(one.node)!, one.initialConnected),
            currentConnected: live.shown(node, event.t, one.currentConnected),
          }
        })
        return { ...event, evacuations }
      }
      if (event.type !== 'listing') return event
      const node = indexOf(event.node)
      const here = [...ids].flatMap(([id, client]) =>
        this.#isOn(client, node, event.t - event.tookNs, event.t) ? [id] : [],
      )
      return { ...event, connected: [...event.connected.filter((id) => !ids.has(id)), ...here] }
    })
    return { ...record, events, scrapes }
  }

  #isOn(client: number, node: number, fromT: number, toT: number): boolean {
    const stays = this.stays.get(client) ?? []
    return stays.some((stay) => stay.node === node && stay.fromT <= fromT && stay.toT >= toT)
  }

  #changed(before: Presence): Set<number> {
    const clients = new Set([...this.stays.keys(), ...before.stays.keys()])
    return new Set(
      [...clients].filter(
        (client) => JSON.stringify(this.stays.get(client)) !== JSON.stringify(before.stays.get(client)),
      ),
    )
  }
}

function staysOf(rows: readonly Row[], persistent: boolean): Stay[] {
  const stays: Stay[] = []
  let open: Stay | undefined
  for (const { t, client, kind, node } of rows) {
    const isEnd = kind === 'disconnected' || kind === 'left'
    if (open && (kind === 'connected' || isEnd)) {
      open.toT = t
      open.sessionToT = persistent ? Number.POSITIVE_INFINITY : t
      open = undefined
    }
    if (kind !== 'connected') continue
    const last = stays.at(-1)
    if (last) last.sessionToT = Math.min(last.sessionToT, t)
    open = { client, node, fromT: t, toT: Number.POSITIVE_INFINITY, sessionToT: Number.POSITIVE_INFINITY }
    stays.push(open)
  }
  return stays
}

function firstSeen(events: readonly RecordEvent[]): Map<string, number> {
  const first = new Map<string, number>()
  for (const event of events)
    if ('evacuations' in event)
      for (const { node } of event.evacuations) if (!first.has(node)) first.set(node, event.t)
  return first
}

/** A count may be as old as this when it is shown. */
const STALE_NS = 4 * SECOND

/** The counts of one kind on each node, before and after. */
class Difference {
  readonly #before: Map<number, StepCount>
  readonly #after: Map<number, StepCount>

  constructor(before: Presence, after: Presence, endOf: (stay: Stay) => number) {
    this.#before = countsOf(before, endOf)
    this.#after = countsOf(after, endOf)
  }

  /** What is shown instead of `value`: the count of the same moment, which is the latest at which `value` was nearest the truth. */
  shown(node: number, t: number, value: number): number {
    const [before, after] = [this.#before.get(node), this.#after.get(node)]
    if (after === undefined || t === undefined) return value
    let at = before === undefined ? -1 : lastAtOrBefore(before.t, t)
    let [bestT, off] = [t, Math.abs(value - countAt(before, t))]
    for (; before !== undefined && at >= 0 && before.t[at]! > t - STALE_NS && off > 0; at--) {
      const earlierT = before.t[at]! - 1
      const earlier = Math.abs(value - countAt(before, earlierT))
      if (earlier < off) [bestT, off] = [earlierT, earlier]
    }
    return Math.max(0, value + countAt(after, bestT) - countAt(before, bestT))
  }
}

function countsOf(presence: Presence, endOf: (stay: Stay) => number): Map<number, StepCount> {
  const byNode = Map.groupBy([...presence.stays.values()].flat(), ({ node }) => node)
  return new Map(
    [...byNode].map(([node, stays]) => [
      node,
      stepCount(
        stays.map(({ fromT }) => fromT),
        stays.map(endOf),
      ),
    ]),
  )
}

function countAt(count: StepCount | undefined, t: number): number {
  const at = count === undefined ? -1 : lastAtOrBefore(count.t, t)
  return at < 0 ? 0 : count!.value[at]!
}
