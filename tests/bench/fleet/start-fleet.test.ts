import { Piscina } from 'piscina'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hostingHere } from '#weir/bench/fleet/hosts/host-shards.ts'
import { startFleet } from '#weir/bench/fleet/start-fleet.ts'
import type { FleetSpec } from '#weir/bench/types.ts'
import { FakeBroker } from '../support/fake-broker.ts'
import { fleetSpec } from '../support/fleet-spec.ts'
import { assertLawful, History } from '../support/history.ts'
import { assertRejects } from '../support/rejects.ts'
import { until } from '../support/until.ts'

const GROUPS: FleetSpec['groups'] = [
  { name: 'persistent-5', share: 1, protocol: '5', persistent: true, subscribe: [{ topic: 'd/%c', qos: 1 }] },
  { name: 'clean-311', share: 1, protocol: '3.1.1', persistent: false },
]

test('a fleet over two workers: arrivals, losses, returns and goodbyes add up', async () => {
  const clients = 300
  const broker = await FakeBroker.listen()
  const history = new History()
  const spec = fleetSpec({
    clients,
    workers: 2,
    targets: [broker.target],
    groups: GROUPS,
    arrival: { kind: 'interval', everyMs: 1 },
  })
  const fleet = await startFleet(spec, history.add)
  await until('all are online', () => fleet.counters().online === clients)
  for (const [i, visit] of broker.visits.slice(0, clients).entries()) {
    if (i % 3 === 0) visit.socket.resetAndDestroy()
    if (i % 3 === 1) visit.socket.end()
    if (i % 3 === 2 && visit.version === 5) visit.send({ cmd: 'disconnect', reasonCode: 0x9c })
  }
  const thrownOut = broker.visits
    .slice(0, clients)
    .filter((visit, i) => i % 3 !== 2 || visit.version === 5).length
  await until('all are back', () => fleet.counters().connected === clients + thrownOut)
  await until('the events are in', () => history.count('connected') === clients + thrownOut)
  assertLawful(history, clients, fleet.counters())
  await fleet.stop()
  await fleet.ended
  await broker.close()
  assertLawful(history, clients)
  assert.is(history.count('left', 'stopped'), clients, 'the last batch came before the end')
  assert.is(fleet.counters().online, 0)
  for (const [k, id] of fleet.table.ids.entries()) {
    const [first] = broker.visitsOf(id)
    assert.is(first!.version, fleet.table.groups[fleet.table.group[k]!]!.protocol === '5' ? 5 : 4)
  }
})

test('sessions are ended by the threads and by the child processes of a fleet, and counted over all of them', async () => {
  for (const processes of [0, 2]) {
    const broker = await FakeBroker.listen()
    const groups = GROUPS.map((group) => ({ ...group, persistent: true }))
    const spec = fleetSpec({
      clients: 10,
      workers: processes || 2,
      processes,
      targets: [broker.target],
      groups,
    })
    const fleet = await startFleet({ ...spec, endSessions: true }, () => undefined)
    assert.is(fleet.pids.length, processes)
    await until('all are online', () => fleet.counters().online === 10)
    assert.equal(await fleet.stop(), { ended: 5, left: 0 }, 'those of MQTT 3.1.1')
    for (const [k, id] of fleet.table.ids.entries())
      if (fleet.table.groups[fleet.table.group[k]!]!.protocol === '3.1.1') assert.not(broker.sessions.has(id))
    await broker.close()
  }
})

test('a broker that demands a user lets the whole fleet in with it, and nobody with another one', async () => {
  const user = { username: 'bench', password: 'p4ss' }
  const broker = await FakeBroker.listen({ user })
  const of = (who: typeof user) =>
    startFleet(fleetSpec({ workers: 2, targets: [broker.target], groups: GROUPS, ...who }), (batch) =>
      history.add(batch),
    )
  let history = new History()
  const known = await of(user)
  await until('all are online', () => known.counters().online === 10)
  await known.stop()
  history = new History()
  const unknown = await of({ ...user, password: 'wr0ng' })
  await until('all were refused', () => unknown.counters().refused >= 10)
  assert.is(unknown.counters().connected, 0)
  await unknown.stop()
  await broker.close()
  const codes = history.rows.flatMap(({ kind, code }) => (kind === 'refused' ? [code] : []))
  assert.equal(
    [...new Set(codes)].toSorted((a, b) => a - b),
    [4, 0x86],
    'in the words of either protocol',
  )
})

test('scheduled events carry the planned instants, and no attempt is before its own', async () => {
  const clients = 50
  const broker = await FakeBroker.listen()
  const history = new History()
  const spec = fleetSpec({
    clients,
    workers: 2,
    targets: [broker.target],
    arrival: { kind: 'rate', perSecond: 200 },
  })
  const fleet = await startFleet(spec, history.add)
  await until('all are online', () => fleet.counters().online === clients)
  await fleet.stop()
  await broker.close()
  const planned = Array.from({ length: clients }, (_, client) => history.of(client)[0]!.t)
  for (let client = 1; client < clients; client++)
    assert.ok(
      Math.abs(planned[client]! - planned[0]! - client * 5e6) < 1000,
      `client ${client} at ${planned[client]}`,
    )
  assert.ok(planned[0]! > 0 && planned[0]! < Number(process.hrtime.bigint() - spec.clockZeroNs))
})

test('the same seed plans the same instants and the same fleet', async () => {
  const plan = async (seed: number) => {
    const broker = await FakeBroker.listen()
    const history = new History()
    const spec = fleetSpec({
      clients: 30,
      seed,
      targets: [broker.target],
      groups: GROUPS,
      arrival: { kind: 'poisson', perSecond: 500 },
    })
    const fleet = await startFleet(spec, history.add)
    await until('all are online', () => fleet.counters().online === 30)
    await fleet.stop()
    await broker.close()
    const planned = Array.from({ length: 30 }, (_, client) => history.of(client)[0]!.t)
    return { table: fleet.table, gaps: planned.map((t) => Math.round((t - planned[0]!) / 1000)) }
  }
  const [first, again, other] = [await plan(4), await plan(4), await plan(5)]
  assert.equal(first, again)
  assert.not.equal(first.gaps, other.gaps)
})

test('health: figures of the time since the call before', async () => {
  const broker = await FakeBroker.listen()
  const fleet = await startFleet(fleetSpec({ targets: [broker.target] }), () => undefined)
  await until('all are online', () => fleet.counters().online === 10)
  const first = fleet.health()
  assert.ok(first.scheduleLagP99Ms > 0, 'ten arrivals were at least a microsecond late')
  assert.ok(first.loopDelayMaxMs >= first.loopDelayP99Ms)
  await new Promise((resolve) => setTimeout(resolve, 150))
  assert.is(fleet.health().scheduleLagP99Ms, 0, 'nobody has come since')
  await fleet.stop()
  await broker.close()
})

test('a host that does not resolve: WEIR_BROKER', async () => {
  await assertRejects(
    startFleet(fleetSpec({ targets: [{ host: 'no-such-host.invalid', port: 1883 }] }), () => undefined),
    'WEIR_BROKER',
    'no-such-host.invalid',
  )
})

test('a name with several addresses, and a broker on one of them', async () => {
  const broker = await FakeBroker.listen()
  const fleet = await startFleet(
    fleetSpec({ targets: [{ host: 'localhost', port: broker.port }] }),
    () => undefined,
  )
  await until('all are online', () => fleet.counters().online === 10)
  await fleet.stop()
  await broker.close()
})

test('an unknown policy: WEIR_USAGE, before any thread starts', async () => {
  const poolOf = (): Piscina => {
    throw new Error('a pool was made')
  }
  await assertRejects(
    startFleet(fleetSpec({ reconnect: { preset: 'nope' } }), () => undefined, hostingHere(poolOf)),
    'WEIR_USAGE',
    'nope',
  )
})

function dyingPool(workers: number): Piscina {
  const filename = import.meta.resolve('#weir/tests/bench/support/dying-worker.ts')
  return new Piscina({ filename, minThreads: workers, maxThreads: workers, atomics: 'disabled' })
}

test('a worker that dies before it is ready: an error, no hang', async () => {
  const spec = fleetSpec({ clients: 1, clientId: 'dies-at-once' })
  await assertRejects(
    startFleet(spec, () => undefined, hostingHere(dyingPool)),
    'WEIR_INTERNAL',
    'died on purpose, at once',
  )
})

for (const [clientId, words] of [
  ['dies-later', 'died on purpose, later'],
  ['exits-later', 'exited with code: 7'],
] as const)
  test(`a worker that dies in a run (${clientId}): the fleet has ended with an error, and stop says the same`, async () => {
    const broker = await FakeBroker.listen()
    const spec = fleetSpec({ clients: 1, clientId, targets: [broker.target] })
    const fleet = await startFleet(spec, () => undefined, hostingHere(dyingPool))
    await assertRejects(fleet.ended, 'WEIR_INTERNAL', words)
    await assertRejects(fleet.stop(), 'WEIR_INTERNAL', words)
    await broker.close()
  })

test('when one of two workers dies the other still leaves in order', async () => {
  const broker = await FakeBroker.listen()
  const history = new History()
  const spec = fleetSpec({
    clients: 2,
    workers: 2,
    targets: [broker.target],
    reconnect: { preset: 'emqtt-bench' },
  })
  const table = ['dies-later', 'lives']
  const poolOf = (workers: number): Piscina => {
    const pool = dyingPool(workers)
    const run = pool.run.bind(pool)
    let task = 0
    pool.run = ((data: { spec: { clients: { ids: string[] } } }, options: object) => {
      data.spec.clients.ids = [table[task++]!]
      return run(data, options)
    }) as typeof pool.run
    return pool
  }
  const fleet = await startFleet(spec, history.add, hostingHere(poolOf))
  await assertRejects(fleet.ended, 'WEIR_INTERNAL', 'died on purpose, later')
  await until('the other one is online', () => history.of(1).some(({ kind }) => kind === 'connected'))
  await assertRejects(fleet.stop(), 'WEIR_INTERNAL', 'died on purpose, later')
  await broker.close()
  assert.equal(history.story(1), ['scheduled', 'attempt', 'connected 0', 'left stopped'])
})

test('stop can be called twice', async () => {
  const broker = await FakeBroker.listen()
  const fleet = await startFleet(fleetSpec({ targets: [broker.target] }), () => undefined)
  await Promise.all([fleet.stop(), fleet.stop()])
  await fleet.stop()
  await broker.close()
  assert.is(fleet.counters().online, 0)
})

test.run()
