import type { IDisconnectPacket } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { GroupSpec } from '#weir/bench/types.ts'
import { FakeBroker } from '../../support/fake-broker.ts'
import { startShard } from '../../support/one-shard.ts'
import { until } from '../../support/until.ts'

test('clients in every state: the connected leave, an attempt fails as stopped, the others just end', async () => {
  const broker = await FakeBroker.listen({
    onConnect(visit) {
      // c0 is accepted, c1 never answered, c2 refused and waiting for long, c3 gave up its place in line.
      if (visit.connect.clientId === 'c0') visit.accept()
      if (visit.connect.clientId === 'c2') visit.refuse(0x88)
    },
  })
  const shard = startShard(broker.port, {
    clients: 4,
    connectsInFlight: 1,
    reconnect: { kind: 'fixed', baseMs: 1e6 },
  })
  await until('c0 is online and c1 asks', () => shard.counters().online === 1 && broker.visits.length === 2)
  const history = await shard.stop()
  await broker.close()
  assert.equal(history.story(0), ['scheduled', 'attempt', 'connected 0', 'left stopped'])
  assert.equal(history.story(1), ['scheduled', 'attempt', 'failed stopped'])
  assert.equal(history.story(2), ['scheduled'])
  assert.equal(history.story(3), ['scheduled'])
})

test('a client that waits for its reconnect does not come back after the stop', async () => {
  const broker = await FakeBroker.listen({ onConnect: (visit) => visit.refuse(0x88) })
  const shard = startShard(broker.port, { reconnect: { kind: 'fixed', baseMs: 50 } })
  await until('it was refused', () => shard.counters().refused >= 1)
  await shard.stop()
  const visits = broker.visits.length
  await new Promise((resolve) => setTimeout(resolve, 200))
  await broker.close()
  assert.is(broker.visits.length, visits)
})

test('a broker that never closes its side does not hold up the stop for longer than the grace', async () => {
  const broker = await FakeBroker.listen({ onPacket: () => undefined })
  const shard = startShard(broker.port, { clients: 5 })
  await until('all are online', () => shard.counters().online === 5)
  for (const { socket } of broker.visits) {
    // A half-open socket: the FIN of the client is read and not answered.
    socket.allowHalfOpen = true
  }
  const history = await shard.stop()
  await broker.close()
  assert.is(history.count('left', 'stopped'), 5)
})

/** The Session Expiry Interval of the DISCONNECT with which a client of this group leaves. */
async function farewellOf(
  group: Omit<GroupSpec, 'name' | 'share'>,
  endSessions: boolean,
): Promise<number | undefined> {
  const broker = await FakeBroker.listen()
  const shard = startShard(broker.port, { endSessions, group: { name: 'g', share: 1, ...group } })
  await until('it is online', () => shard.counters().online === 1)
  await shard.stop()
  await until('the broker read its goodbye', () => broker.packets('disconnect').length >= 1)
  const goodbye = broker.visits[0]!.packets.find(({ cmd }) => cmd === 'disconnect')
  await broker.close()
  return (goodbye as IDisconnectPacket).properties?.sessionExpiryInterval
}

test('who leaves ends its session when asked to, and only where MQTT lets it', async () => {
  const v5 = { protocol: '5', persistent: true } as const
  assert.is(await farewellOf(v5, true), 0)
  assert.is(await farewellOf({ ...v5, persistent: false, sessionExpirySeconds: 9 }, true), 0)
  assert.is(await farewellOf({ ...v5, persistent: false }, true), undefined, 'it had none that outlives it')
  assert.is(await farewellOf({ protocol: '3.1.1', persistent: true }, true), undefined)
  assert.is(await farewellOf(v5, false), undefined)
})

const kept311: GroupSpec = { name: 'kept', share: 1, protocol: '3.1.1', persistent: true }

test('an MQTT 3.1.1 session is ended by a clean connect once its connection is closed', async () => {
  const broker = await FakeBroker.listen()
  const shard = startShard(broker.port, { clients: 3, group: kept311, endSessions: true })
  await until('all are online', () => shard.counters().online === 3)
  assert.is(broker.sessions.size, 3)
  const history = await shard.stop()
  assert.is(broker.sessions.size, 0)
  assert.equal(shard.sessions(), { ended: 3, left: 0 })
  assert.is(history.count('attempt'), 3, 'the record has no attempt more')
  await until('all said goodbye', () => broker.packets('disconnect').length === 6)
  await broker.close()
})

test('so is the session of an MQTT 5 client that is away when the fleet leaves', async () => {
  const broker = await FakeBroker.listen()
  const group = { ...kept311, protocol: '5' } as const
  const reconnect = { kind: 'fixed', baseMs: 1e6 } as const
  const shard = startShard(broker.port, { clients: 2, group, endSessions: true, reconnect })
  await until('both are online', () => shard.counters().online === 2)
  broker.visitsOf('c1')[0]!.socket.destroy()
  await until('one is away', () => shard.counters().online === 1)
  await shard.stop()
  assert.equal(shard.sessions(), { ended: 1, left: 0 })
  assert.not.ok(broker.sessions.has('c1'))
  await broker.close()
})

test('a server that refuses for a moment is asked again; one that always refuses keeps its session, and the stop ends', async () => {
  for (const refusals of [1, 99]) {
    const broker = await FakeBroker.listen()
    const shard = startShard(broker.port, { group: kept311, endSessions: true })
    await until('it is online', () => shard.counters().online === 1)
    let refused = 0
    const { onConnect } = broker
    broker.onConnect = (visit) => (refused++ < refusals ? visit.refuse(3) : onConnect.call(broker, visit))
    await shard.stop()
    assert.equal(shard.sessions(), refusals === 1 ? { ended: 1, left: 0 } : { ended: 0, left: 1 })
    assert.is(broker.visits.length, refusals === 1 ? 3 : 4)
    await broker.close()
  }
})

test('a thousand clients leave with a DISCONNECT each', async () => {
  const broker = await FakeBroker.listen()
  const shard = startShard(broker.port, { clients: 1000 })
  await until('all are online', () => shard.counters().online === 1000)
  const history = await shard.stop()
  await until('the broker read them all', () => broker.packets('disconnect').length === 1000)
  await broker.close()
  assert.is(history.count('left'), 1000)
})

test('stopping before the start', async () => {
  const broker = await FakeBroker.listen()
  const shard = startShard(broker.port, {
    clients: 2,
    connectsInFlight: 2,
  })
  const history = await shard.stop()
  await broker.close()
  assert.is(history.count('connected'), 0)
})

test.run()
