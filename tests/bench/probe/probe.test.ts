import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startProbe } from '#weir/bench/index.ts'
import type { ClientAccess, MqttUser, ProbeResult } from '#weir/bench/types.ts'
import { FakeBroker } from '../support/fake-broker.ts'
import { until } from '../support/until.ts'

/** A broker that sends what is published to it back to its publisher. */
function echo(user?: MqttUser): Promise<FakeBroker> {
  const plain = new FakeBroker()
  return FakeBroker.listen({
    user,
    onPacket(visit, packet) {
      plain.onPacket(visit, packet)
      if (packet.cmd !== 'publish') return
      visit.send({ cmd: 'puback', messageId: packet.messageId, reasonCode: 0 })
      visit.send({ ...packet, messageId: 77 })
    },
  })
}

function probe(
  target: { host: string; port: number },
  more: { everyMs?: number; timeoutMs?: number; access?: ClientAccess } = {},
) {
  const results: ProbeResult[] = []
  const clockZeroNs = process.hrtime.bigint()
  const running = startProbe({ target, everyMs: 100, timeoutMs: 30_000, clockZeroNs, ...more }, (result) =>
    results.push(result),
  )
  return { results, nowNs: () => Number(process.hrtime.bigint() - clockZeroNs), stop: () => running.stop() }
}

test('round trips, each by a new client on its own topic, that says goodbye', async () => {
  const broker = await echo()
  const { results, stop, nowNs } = probe(broker.target)
  await until('three came back', () => results.length >= 3)
  await stop()
  await until('the broker read the goodbyes', () => broker.packets('disconnect').length >= 3)
  await broker.close()
  for (const result of results) {
    assert.is(result.ok, true, result.error)
    assert.ok(result.tookNs > 0 && result.t > result.tookNs && result.t < nowNs())
  }
  const ids = broker.visits.map(({ connect }) => connect.clientId)
  assert.is(new Set(ids).size, ids.length)
  const topics = broker.packets('publish').map(({ topic }) => topic)
  assert.is(new Set(topics).size, topics.length)
  assert.ok(broker.packets('publish').every(({ qos }) => qos === 1))
})

test('results are timed from instants that are planned, one interval apart', async () => {
  const broker = await echo()
  const { results, stop } = probe(broker.target)
  await until('four came back', () => results.length >= 4)
  await stop()
  await broker.close()
  const planned = results.map(({ t, tookNs }) => t - tookNs).sort((a, b) => a - b)
  for (let i = 1; i < planned.length; i++)
    assert.ok(Math.abs(planned[i]! - planned[i - 1]! - 100e6) < 1, planned.join())
})

test('nobody listens: not ok, with the reason, and it goes on trying', async () => {
  const broker = await echo()
  await broker.close()
  const { results, stop } = probe(broker.target)
  await until('two failed', () => results.length >= 2)
  await broker.open()
  await until('it is well again', () => results.some(({ ok }) => ok))
  await stop()
  await broker.close()
  assert.is(results[0]!.ok, false)
  assert.match(results[0]!.error!, 'ECONNREFUSED')
})

test('a broker that accepts and says nothing: not ok after the time limit', async () => {
  const broker = await FakeBroker.listen({ onConnect: () => undefined })
  const { results, stop } = probe(broker.target, { timeoutMs: 150 })
  await until('one failed', () => results.length >= 1)
  await stop()
  await broker.close()
  assert.is(results[0]!.ok, false)
  assert.match(results[0]!.error!, 'no round trip within 150 ms')
  assert.ok(results[0]!.tookNs >= 149e6)
})

test('refused, thrown out, cut off: each not ok with its reason', async () => {
  const endings: [(visit: import('../support/fake-broker.ts').Visit) => void, RegExp][] = [
    [(visit) => visit.refuse(0x9c), /refused|another server|156/i],
    [(visit) => visit.socket.resetAndDestroy(), /ECONNRESET|closed/],
    [
      (visit) => {
        visit.accept()
        visit.send({ cmd: 'disconnect', reasonCode: 0x9c })
      },
      /0x9c/,
    ],
  ]
  for (const [onConnect, words] of endings) {
    const broker = await FakeBroker.listen({ onConnect, onPacket: () => undefined })
    const { results, stop } = probe(broker.target)
    await until('one failed', () => results.length >= 1)
    await stop()
    await broker.close()
    assert.is(results[0]!.ok, false)
    assert.match(results[0]!.error!, words)
  }
})

test('a broker that demands a user: let in with it, and without it or with another one told why not', async () => {
  const user = { username: 'bench', password: 'p4ss' }
  const broker = await echo(user)
  const first = async (who: MqttUser | undefined) => {
    const { results, stop } = probe(broker.target, who && { access: who })
    await until('one came back', () => results.length >= 1)
    await stop()
    return results[0]!
  }
  assert.is((await first(user)).ok, true)
  for (const who of [undefined, { ...user, password: 'wr0ng' }]) {
    const { ok, error } = await first(who)
    assert.is(ok, false)
    assert.match(error!, /Bad User Name or Password/)
    assert.not.match(error!, /wr0ng/)
  }
  await broker.close()
})

test('stop breaks off what is under way, without a result', async () => {
  const broker = await FakeBroker.listen({ onConnect: () => undefined })
  const { results, stop } = probe(broker.target)
  await until('a try is under way', () => broker.visits.length >= 1)
  await stop()
  await until('its connection is gone', () => broker.sockets.size === 0)
  await broker.close()
  assert.equal(results, [])
})

test('stopped before it began', async () => {
  const broker = await echo()
  const { results, stop } = probe(broker.target)
  await stop()
  await broker.close()
  assert.equal(results, [])
  assert.is(broker.visits.length, 0)
})

test.run()
