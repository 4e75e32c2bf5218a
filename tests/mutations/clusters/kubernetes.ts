import type { EndpointsEvent, RecordEvent, Scrape } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { type Mutation, SECOND } from '../mutation.ts'
import { World } from '../world.ts'

/** Pods and the Service. */
export const KUBERNETES_MUTATIONS: Mutation[] = [
  {
    name: 'the lowest ordinal is evacuated first',
    of: 'cluster',
    apply: (record) => {
      const view = viewOf(record)
      const old = view.nodes.filter(({ side, ordinal }) => side === 'old' && ordinal >= 0)
      const drained = view.evacuations.map(({ node }) => view.nodes[node]!)
      const [a, b] = [drained[0], drained.at(-1)]
      if (!a || !b || a === b || a.set !== b.set || !old.includes(a) || !old.includes(b)) return undefined
      const swap = (text: string) =>
        text.replaceAll(a.pod, '\u0000').replaceAll(b.pod, a.pod).replaceAll('\u0000', b.pod)
      const swapped = <T>(list: T): T => JSON.parse(swap(JSON.stringify(list)))
      const events = swapped(record.events).map(sortedReady)
      return { ...record, events, scrapes: swapped(record.scrapes) }
    },
    fails: ['evacuation-serial'],
  },
  {
    name: 'the last old pod is never deleted',
    of: 'cluster',
    apply: (record) => {
      const view = viewOf(record)
      const until = view.moments.fleetStopping ?? view.moments.end
      const last = view.nodes
        .filter(({ side, deletingT }) => side === 'old' && deletingT !== undefined && deletingT < until)
        .sort((a, b) => b.deletingT! - a.deletingT!)[0]
      if (!last) return undefined
      const events = record.events.flatMap((event): RecordEvent[] => {
        if (event.type === 'pod' && event.name === last.pod && (event.deleting || event.deleted)) return []
        if (event.type !== 'set' || event.name !== last.set || event.t < last.deletingT! - 3 * SECOND)
          return [event]
        return [
          {
            ...event,
            deleted: false,
            specReplicas: Math.max(1, event.specReplicas),
            replicas: Math.max(1, event.replicas),
          },
        ]
      })
      return { ...record, events, scrapes: keptOn(record, last.pod, until) }
    },
    fails: ['all-new'],
    mayFail: ['status-truth'],
    mayOpen: ['harness-healthy'],
  },
  {
    name: 'a pod is deleted with one client on it',
    of: 'cluster',
    apply: (record) => {
      const world = new World(record)
      const { nodes } = world.view
      const drains = [...Map.groupBy(world.moves(), ({ node }) => node)]
      const [node, moves] = drains.find(([one]) => nodes[one]?.deletingT !== undefined) ?? []
      const move = moves?.at(-1)
      if (node === undefined || !move) return undefined
      const by = nodes[node]!.deletingT! + 1.2 * SECOND - move.lost.t
      if (by < 3 * SECOND) return undefined
      for (const row of [move.lost, ...move.back]) row.t += by
      Object.assign(move.lost, { reason: 'closed', code: -1 })
      return world.record()
    },
    fails: ['drained-before-delete'],
    mayFail: ['evacuation-serial', 'evacuation-states', 'eviction-floor', 'status-shape'],
    mayOpen: ['evacuation-serial', 'evacuation-states', 'eviction-floor'],
  },
  ...(['empty', 'old again'] as const).map(
    (what): Mutation => ({
      name: `the Service is ${what} during a drain`,
      of: 'cluster',
      apply: (record) => {
        const view = viewOf(record)
        const { firstEviction } = view.moments
        const before = record.events.findLast(
          (event): event is EndpointsEvent => event.type === 'endpoints' && event.t < (firstEviction ?? 0),
        )
        const old = view.nodes.filter(({ side }) => side === 'old').map(({ pod }) => pod)
        if (firstEviction === undefined || !before) return undefined
        const t = firstEviction + 4 * SECOND
        const events: RecordEvent[] = [
          ...record.events,
          { ...before, t, ready: what === 'empty' ? [] : old.sort() },
          { ...before, t: t + 3 * SECOND },
        ]
        return { ...record, events: events.sort((a, b) => a.t - b.t) }
      },
      fails: ['switch-before-evict'],
      mayFail: ['landing'],
    }),
  ),
]

function sortedReady(event: RecordEvent): RecordEvent {
  return event.type === 'endpoints' ? { ...event, ready: [...event.ready].sort() } : event
}

/** Scrapes of a pod go on as they were last. */
function keptOn(record: RunRecord, pod: string, untilT: number): Scrape[] {
  const last = record.scrapes.findLast((scrape) => scrape.pod === pod && scrape.ok)
  if (!last) return record.scrapes
  const more: Scrape[] = []
  for (let t = last.t + SECOND; t < untilT; t += SECOND)
    more.push({ ...last, t, metrics: Object.fromEntries(Object.keys(last.metrics).map((name) => [name, 0])) })
  const kept = record.scrapes.filter((scrape) => scrape.pod !== pod || scrape.t <= last.t)
  return [...kept, ...more].sort((a, b) => a.t - b.t)
}
