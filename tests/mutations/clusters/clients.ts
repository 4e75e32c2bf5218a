import type { Random } from '../../simulator/random.ts'
import { type Mutation, SECOND } from '../mutation.ts'
import { type Move, type Row, World } from '../world.ts'

/** Things that happen to single clients. */
export const CLIENT_MUTATIONS: Mutation[] = [
  {
    name: 'a persistent client is lost',
    of: 'cluster',
    apply: (record, random) =>
      lost(new World(record), random, (world, { client }) => world.persistent(client)),
    fails: ['conservation'],
    mayFail: ['downtime', 'landing'],
    mayOpen: ['downtime'],
  },
  {
    name: 'a clean client is lost',
    of: 'cluster',
    apply: (record, random) =>
      lost(new World(record), random, (world, { client }) => !world.persistent(client)),
    fails: ['conservation', 'downtime'],
    mayFail: [],
    mayOpen: [],
  },
  {
    name: 'a client that tries again and again is lost',
    of: 'cluster',
    apply: (record, random) => {
      const world = new World(record)
      const move = oneOf(middle(world.moves()), random)
      if (!move) return undefined
      const end = endOf(world, move.client)
      forget(world, move)
      for (let t = move.lost.t + SECOND; t + 5 * SECOND < end; t += 6 * SECOND)
        world.add(
          { ...move.back[0]!, t, kind: 'attempt' },
          { ...move.back[0]!, t: t + 5 * SECOND, kind: 'failed', reason: 'connack-timeout' },
        )
      return world.record()
    },
    fails: ['conservation', 'downtime'],
    mayFail: ['amplification'],
    mayOpen: [],
  },
  {
    name: 'a client is lost after its move',
    of: 'cluster',
    apply: (record, random) => {
      const world = new World(record)
      const move = oneOf(middle(world.moves()), random)
      if (!move) return undefined
      const came = move.back.find(({ kind }) => kind === 'connected')!
      const t = came.t + 5 * SECOND
      world.remove(world.rows.filter((row) => row.client === move.client && row.t >= t))
      world.add({ ...move.lost, t, node: -1, reason: 'closed', code: -1 })
      return world.record()
    },
    fails: ['conservation'],
    mayFail: ['downtime', 'hops'],
    mayOpen: ['downtime'],
  },
  {
    name: 'a session is lost in a move',
    of: 'cluster',
    apply: (record, random) => {
      const world = new World(record)
      const moves = world.moves().filter(({ back }) => back.some(({ session }) => session === 1))
      if (moves.length === 0) return undefined
      const came = random.pick(moves).back.find(({ session }) => session === 1)!
      world.remove([came])
      world.add(
        { ...came, session: 0 },
        { ...came, t: came.t + 1e6, kind: 'subscribed', session: -1, node: -1 },
      )
      return world.record()
    },
    fails: ['session-kept'],
    mayFail: [],
  },
  ...[3, 7, 15].flatMap((late) =>
    (['one', 'a tenth', 'all'] as const).map(
      (share): Mutation => ({
        name: `reconnects ${late} s late for ${share}`,
        of: 'cluster',
        apply: (record, random) => {
          const world = new World(record)
          const moves = world
            .moves()
            .filter((move) => endOf(world, move.client) > move.back.at(-1)!.t + 20 * SECOND)
          const some =
            share === 'one' ? moves.slice(0, 1) : moves.filter(() => share === 'all' || random.chance(0.1))
          if (some.length === 0) return undefined
          for (const { back } of some) for (const row of back) row.t += late * SECOND
          return world.record()
        },
        fails: ['downtime'],
        mayFail: share === 'one' ? [] : ['offline-peak', 'conservation', 'no-storm'],
        mayOpen: share === 'one' ? [] : ['offline-peak', 'gauge-truth', 'conservation'],
      }),
    ),
  ),
  {
    name: 'one in twenty is refused once',
    of: 'cluster',
    apply: (record, random) => {
      const world = new World(record)
      const moves = world.moves().filter(() => random.chance(0.05))
      for (const { back } of moves) {
        const [attempt] = back
        if (attempt?.kind !== 'attempt') continue
        for (const row of back) row.t += SECOND
        world.add({ ...attempt, t: attempt.t - SECOND }, refusal(attempt, attempt.t - SECOND + 5e6))
      }
      return moves.length === 0 ? undefined : world.record()
    },
    fails: ['refusals'],
    mayFail: ['amplification', 'no-storm', 'offline-peak'],
  },
  {
    name: 'some reconnects land on an old node',
    of: 'cluster',
    apply: (record) => {
      const world = new World(record)
      const moves = world.moves()
      const last = moves.at(-1)
      if (!last) return undefined
      const drains = moves.filter(({ node }) => node === last.node)
      const some = moves.filter(({ node, back }) => node !== last.node && back.at(-1)!.t < drains[0]!.lost.t)
      if (some.length < 20) return undefined
      const target = targetOf(world, last.node)
      some.slice(0, 20).forEach((move, i) => {
        const came = move.back.find(({ kind }) => kind === 'connected')!
        const left = drains[(i * 3) % drains.length]!.lost
        const again = move.back.map((row) => ({ ...row, t: row.t - move.lost.t + left.t + 1e6 }))
        for (const row of move.back) if (target) row.target = target
        world.add({ ...move.lost, t: left.t + 1e6 }, ...again)
        came.node = last.node
      })
      return world.record()
    },
    fails: ['landing'],
    mayFail: ['conservation', 'hops', 'no-storm', 'eviction-envelope', 'switch-before-evict'],
    mayOpen: ['gauge-truth', 'conservation'],
  },
]

const oneOf = (moves: Move[], random: Random) => (moves.length === 0 ? undefined : random.pick(moves))

/** Neither the first nor the last. */
function middle(moves: Move[]): Move[] {
  return moves.slice(Math.floor(moves.length / 4), Math.ceil((moves.length * 3) / 4))
}

function lost(world: World, random: Random, wanted: (world: World, move: Move) => boolean) {
  const move = oneOf(middle(world.moves().filter((one) => wanted(world, one))), random)
  if (!move) return undefined
  forget(world, move)
  return world.record()
}

/** The client has no rows any more after its loss. */
function forget(world: World, { client, lost }: Move): void {
  world.remove(world.rows.filter((row) => row.client === client && row.t > lost.t))
}

function endOf(world: World, client: number): number {
  const left = world.rows.findLast((row) => row.client === client && row.kind === 'left')
  return left?.t ?? world.view.moments.fleetStopping ?? world.view.moments.end
}

const refusal = (attempt: Row, t: number): Row => ({
  ...attempt,
  t,
  kind: 'refused',
  reason: 'connack',
  code: 0x97,
})

/** Where clients connect to that node directly; undefined when they use the Service. */
function targetOf(world: World, node: number): string | undefined {
  const ip = world.view.nodes[node]?.ip
  return world.rows.find(({ target }) => ip !== undefined && target.startsWith(`${ip}:`))?.target
}
