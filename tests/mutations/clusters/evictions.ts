import type { Evacuation } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { type Mutation, SECOND } from '../mutation.ts'
import { pausedAt, warped } from '../warp.ts'
import { type Move, World } from '../world.ts'

/** How nodes are drained. */
export const EVICTION_MUTATIONS: Mutation[] = [
  {
    name: 'three ticks of evictions at once',
    of: 'cluster',
    apply: (record) => {
      const world = new World(record)
      const moves = drainsIn(world).at(-1) ?? []
      const from = Math.floor(moves.length / 5)
      const some = moves.slice(from, from + Math.max(60, 3 * world.view.parameters.connEvictRate + 3))
      if (some.length < 60) return undefined
      const at = some[0]!.lost.t
      some.forEach((move, i) => {
        moveTo(move, at + i * 1e5)
      })
      return world.record()
    },
    fails: ['eviction-envelope'],
    mayFail: ['no-storm', 'offline-peak', 'eviction-floor', 'eviction-slope'],
    mayOpen: ['eviction-floor'],
  },
  {
    name: 'a whole node is dropped at once',
    of: 'cluster',
    apply: (record) => {
      const world = new World(record)
      const moves = drainsIn(world).at(-1) ?? []
      if (moves.length < 60) return undefined
      const at = moves[0]!.lost.t
      moves.forEach((move, i) => {
        moveTo(move, at + i * 1e5)
      })
      return world.record()
    },
    fails: ['eviction-envelope', 'no-storm', 'offline-peak'],
    mayFail: ['eviction-slope', 'evacuation-states', 'downtime', 'suback', 'initial-delay'],
    mayOpen: ['eviction-floor', 'eviction-slope', 'offline-peak'],
  },
  {
    name: 'rate × 1.3',
    of: 'cluster',
    apply: (record) => atRate(record, 1.3),
    fails: ['eviction-envelope'],
    mayFail: ['eviction-slope', 'no-storm', 'offline-peak', 'status-shape', 'gauge-truth'],
    mayOpen: ['evacuation-states', 'gauge-truth'],
  },
  {
    name: 'rate × 0.6',
    of: 'cluster',
    apply: (record) => atRate(record, 0.6),
    fails: ['eviction-floor'],
    mayFail: ['eviction-slope', 'gauge-truth'],
    mayOpen: [
      'evacuation-states',
      'eviction-slope',
      'evacuation-serial',
      'gauge-truth',
      'conservation',
      'harness-healthy',
    ],
  },
  {
    name: 'the operator pauses for ten minutes between two nodes',
    of: 'cluster',
    apply: (record) => {
      const world = new World(record)
      const { evacuations } = world.view
      const ends = drainsIn(world).map((moves) => moves.at(-1)!.back.at(-1)!.t)
      const next = evacuations.slice(1).findLast(({ notBeforeT }, i) => {
        const { goneT = Number.POSITIVE_INFINITY } = evacuations[i]!
        // Gauges follow the clients by up to a second, and what is repeated is a second of the record.
        const idleFromT = Math.max((ends[i] ?? Number.POSITIVE_INFINITY) + SECOND, goneT)
        return idleFromT + SECOND < notBeforeT
      })
      return next && pausedAt(record, next.notBeforeT - 1, 600 * SECOND)
    },
    fails: ['duration'],
  },
  {
    name: 'drains that overlap',
    of: 'cluster',
    apply: (record) => {
      const world = new World(record)
      const [first, second] = drainsIn(world)
      const states = world.view.evacuations.filter(({ node }) => node === second?.[0]?.node)
      if (!first || !second || states.length === 0) return undefined
      const early = second[0]!.lost.t - first[Math.floor(first.length / 2)]!.lost.t
      const name = world.view.nodes[second[0]!.node]!.name
      const later = entriesOf(world, name)
      for (const move of second) moveTo(move, move.lost.t - early)
      world.events = world.events.map((event) => {
        if (!('evacuations' in event)) return event
        const entry = later.findLast(({ t }) => t <= event.t + early)?.entry
        const others = event.evacuations.filter(({ node }) => node !== name)
        const kept = event.evacuations.find(({ node }) => node === name)
        const shown = entry ?? kept
        return { ...event, evacuations: shown ? [...others, shown] : others }
      })
      return world.record()
    },
    fails: ['evacuation-serial'],
    mayFail: [
      'eviction-envelope',
      'no-storm',
      'offline-peak',
      'evacuation-states',
      'hops',
      'landing',
      'status-shape',
      'duration',
      'downtime',
    ],
    mayOpen: ['evacuation-states', 'gauge-truth', 'conservation', 'duration'],
  },
  {
    name: 'the wait for takeovers is cut in half',
    of: 'cluster',
    apply: (record) => {
      const world = new World(record)
      const waits = world.view.evacuations.flatMap(({ node, states }) => {
        const at = states.findIndex(({ state }) => state === 'waiting_takeover')
        const [wait, next] = [states[at], states[at + 1]]
        if (!wait || !next || next.seenT - wait.seenT < 3 * SECOND) return []
        return [
          {
            name: world.view.nodes[node]!.name,
            fromT: (wait.seenT + next.notBeforeT) / 2,
            state: next.state,
          },
        ]
      })
      if (waits.length === 0) return undefined
      world.mapEvacuations((one, t) => {
        const cut = waits.find(({ name, fromT }) => one.node === name && t >= fromT)
        return cut && one.state === 'waiting_takeover' ? { ...one, state: cut.state } : one
      })
      return world.record()
    },
    fails: ['evacuation-states'],
    mayOpen: ['evacuation-states'],
  },
  {
    name: 'clients are dropped before the first evacuation',
    of: 'cluster',
    apply: (record) => {
      const world = new World(record)
      const { trigger, firstEviction } = world.view.moments
      const moves = world.moves()
      if (trigger === undefined || firstEviction === undefined || moves.length < 60) return undefined
      const t = trigger + 0.5 * (Math.min(firstEviction, firstStateT(world)) - trigger)
      for (const move of moves.slice(-30)) moveTo(move, t)
      return world.record()
    },
    fails: ['undisturbed-before'],
    mayFail: [
      'conservation',
      'eviction-envelope',
      'initial-delay',
      'no-storm',
      'offline-peak',
      'landing',
      'switch-before-evict',
      'evacuation-serial',

      'eviction-floor',
      'downtime',
    ],
    mayOpen: ['eviction-floor', 'conservation', 'gauge-truth'],
  },
  {
    name: 'a new node drops one client in sixty after their move',
    of: 'cluster',
    apply: (record) => {
      const world = new World(record)
      const { nodes, parameters } = world.view
      const moves = world.moves()
      const last = moves.at(-1)
      if (!last) return undefined
      const t = last.back.at(-1)!.t + 2 * SECOND
      const came = (move: Move) => move.back.find(({ kind }) => kind === 'connected')!
      const node = moves.map((move) => came(move).node).find((one) => nodes[one]?.side === 'new')
      const stays = moves.filter((move) => came(move).node === node && came(move).t < t - SECOND)
      const some = stays.slice(0, Math.max(6, Math.round(parameters.clients / 60)))
      if (some.length < 5) return undefined
      for (const move of some)
        world.add(
          { ...move.lost, t, reason: 'closed', code: -1 },
          ...move.back.map((row) => ({ ...row, t: row.t - move.lost.t + t })),
        )
      return world.record()
    },
    fails: ['hops'],
    mayFail: ['eviction-envelope', 'no-storm', 'offline-peak', 'all-new'],
    mayOpen: ['gauge-truth'],
  },
]

function drainsIn(world: World): Move[][] {
  return [...Map.groupBy(world.moves(), ({ node }) => node).values()]
}

function moveTo(move: Move, t: number): void {
  const by = t - move.lost.t
  for (const row of [move.lost, ...move.back]) row.t += by
}

function entriesOf(world: World, name: string): { t: number; entry: Evacuation | undefined }[] {
  return world.events.flatMap((event) =>
    event.type === 'evacuation'
      ? [{ t: event.t, entry: event.evacuations.find(({ node }) => node === name) }]
      : [],
  )
}

function firstStateT(world: World): number {
  return Math.min(Number.POSITIVE_INFINITY, ...world.view.evacuations.map(({ notBeforeT }) => notBeforeT))
}

/** Every drain takes 1/factor of its time; everything after it comes as much sooner or later. */
function atRate(record: RunRecord, factor: number): RunRecord | undefined {
  const world = new World(record)
  const rate = world.view.parameters.connEvictRate
  const drains = drainsIn(world)
    .map((moves) => ({ moves: moves.length, fromT: moves[0]!.lost.t, toT: moves.at(-1)!.lost.t + 1e6 }))
    // A node that was dropped at once has no rate.
    .filter(({ moves, fromT, toT }) => moves >= 60 && toT - fromT > (moves / rate / 2) * SECOND)
  const apart = drains.every(({ fromT }, i) => i === 0 || fromT > drains[i - 1]!.toT)
  return drains.length === 0 || !apart ? undefined : warped(world, drains, 1 / factor)
}
