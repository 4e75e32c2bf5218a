/** MQTT 5 §4.11: servers that send their clients elsewhere. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { targetName } from '#weir/bench/engine/lifecycle/targets.ts'
import { FakeBroker, type Visit } from '../../support/fake-broker.ts'
import { startShard } from '../../support/one-shard.ts'
import { until } from '../../support/until.ts'

const FOLLOW = { followServerReference: true }

const moved = (reasonCode: number, serverReference: string) => (visit: Visit) => {
  visit.send({ cmd: 'disconnect', reasonCode, properties: { serverReference } })
  visit.socket.end()
}
const refusal = (reasonCode: number, serverReference: string) => (visit: Visit) => {
  visit.send({ cmd: 'connack', sessionPresent: false, reasonCode, properties: { serverReference } })
  visit.socket.end()
}

async function brokers(count: number): Promise<FakeBroker[]> {
  return Promise.all(Array.from({ length: count }, () => FakeBroker.listen()))
}

const names = (list: readonly FakeBroker[]) => list.map(({ target }) => targetName(target))

/** Where each attempt of a client went, by the record, in the order of `list`. */
function attempts(
  history: { rows: { kind: string; target: string }[] },
  list: readonly FakeBroker[],
): number[] {
  return history.rows
    .filter(({ kind }) => kind === 'attempt')
    .map(({ target }) => names(list).indexOf(target))
}

test('DISCONNECT 0x9C: elsewhere for once, and home after the next loss', async () => {
  const both = await brokers(2)
  const [home, away] = both as [FakeBroker, FakeBroker]
  const shard = startShard(home.port, FOLLOW)
  await until('the client is online', () => home.visits.length === 1)
  moved(0x9c, names(both)[1]!)(home.visits[0]!)
  await until('it came to the other', () => away.visits.length === 1 && shard.counters().online === 1)
  away.visits[0]!.socket.end()
  await until('it is back home', () => home.visits.length === 2 && shard.counters().online === 1)
  const history = await shard.stop()
  for (const broker of both) await broker.close()
  assert.equal(attempts(history, both), [0, 1, 0])
  assert.equal(
    history.rows.filter(({ kind }) => kind === 'connected').map(({ target }) => target),
    [names(both)[0], names(both)[1], names(both)[0]],
  )
})

test('DISCONNECT 0x9D: elsewhere for good', async () => {
  const both = await brokers(2)
  const [home, away] = both as [FakeBroker, FakeBroker]
  const shard = startShard(home.port, FOLLOW)
  await until('the client is online', () => home.visits.length === 1)
  moved(0x9d, names(both)[1]!)(home.visits[0]!)
  for (const visits of [1, 2, 3]) {
    await until('it came to the other', () => away.visits.length === visits && shard.counters().online === 1)
    away.visits.at(-1)!.socket.end()
  }
  await until('and again', () => away.visits.length === 4)
  const history = await shard.stop()
  for (const broker of both) await broker.close()
  assert.equal(attempts(history, both), [0, 1, 1, 1, 1])
})

for (const code of [0x9c, 0x9d])
  test(`CONNACK 0x${code.toString(16)} is a refusal that is followed`, async () => {
    const both = await brokers(2)
    const [home, away] = both as [FakeBroker, FakeBroker]
    home.onConnect = refusal(code, names(both)[1]!)
    const shard = startShard(home.port, FOLLOW)
    await until('it is online at the other', () => shard.counters().online === 1)
    const history = await shard.stop()
    for (const broker of both) await broker.close()
    assert.is(home.visits.length, 1)
    assert.is(away.visits.length, 1)
    assert.equal(history.story(0), [
      'scheduled',
      'attempt',
      `refused connack ${code}`,
      'attempt',
      'connected 0',
      'left stopped',
    ])
    assert.equal(attempts(history, both), [0, 1])
  })

test('a place that does not answer: 0x9C leads home after one attempt', async () => {
  const both = await brokers(2)
  const [home, away] = both as [FakeBroker, FakeBroker]
  await away.close()
  const shard = startShard(home.port, FOLLOW)
  await until('the client is online', () => home.visits.length === 1)
  moved(0x9c, names(both)[1]!)(home.visits[0]!)
  await until('it is back home', () => home.visits.length === 2 && shard.counters().online === 1)
  const history = await shard.stop()
  await home.close()
  assert.equal(attempts(history, both), [0, 1, 0])
})

test('several servers are shared out among the clients; names resolve', async () => {
  const all = await brokers(3)
  const clients = 40
  const shard = startShard(all[0]!.port, { clients, ...FOLLOW })
  await until('all are online', () => shard.counters().online === clients)
  const reference = `localhost:${all[1]!.port} 127.0.0.1:${all[2]!.port}`
  for (const visit of [...all[0]!.visits]) moved(0x9c, reference)(visit)
  await until('all are online elsewhere', () => shard.counters().connected === 2 * clients)
  const history = await shard.stop()
  for (const broker of all) await broker.close()
  assert.equal(
    all.map(({ visits }) => visits.length),
    [clients, clients / 2, clients / 2],
  )
  const targets = new Set(history.rows.map(({ target }) => target))
  assert.equal(targets, new Set([names(all)[0], `localhost:${all[1]!.port}`, names(all)[2]]))
})

test('without being told to, nobody follows; nor a reference of another code, nor one that makes no sense', async () => {
  for (const [follow, code, reference] of [
    [false, 0x9c, undefined],
    [false, 0x9d, undefined],
    [true, 0x8b, undefined],
    [true, 0x9c, ''],
    [true, 0x9d, 'a:b:c ] :1883 host:0 host:99999'],
  ] as const) {
    const both = await brokers(2)
    const [home, away] = both as [FakeBroker, FakeBroker]
    const shard = startShard(home.port, { followServerReference: follow })
    await until('the client is online', () => home.visits.length === 1)
    moved(code, reference ?? names(both)[1]!)(home.visits[0]!)
    await until('it is back', () => shard.counters().connected === 2)
    await shard.stop()
    for (const broker of both) await broker.close()
    assert.is(home.visits.length, 2)
    assert.is(away.visits.length, 0)
  }
})

test('a reference to a target of the spec is that target', async () => {
  const both = await brokers(2)
  const [first, second] = both as [FakeBroker, FakeBroker]
  const targets = [
    { ...first.target, address: '127.0.0.1' },
    { host: 'second.test', address: '127.0.0.1', port: second.port },
  ]
  const shard = startShard(first.port, { clients: 2, targets, ...FOLLOW })
  await until('each is at its own', () => shard.counters().online === 2)
  assert.equal([first.visits.length, second.visits.length], [1, 1])
  moved(0x9d, names(both)[1]!)(first.visits[0]!)
  await until('both are at the second', () => second.visits.length === 2 && shard.counters().online === 2)
  const history = await shard.stop()
  for (const broker of both) await broker.close()
  assert.equal(
    history
      .of(0)
      .filter(({ kind }) => kind === 'connected')
      .map(({ target }) => target),
    [names(both)[0], `second.test:${second.port}`],
  )
})

test.run()
