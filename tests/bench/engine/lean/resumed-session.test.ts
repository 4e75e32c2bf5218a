import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Relay } from '../../support/relay.ts'
import { published, publisher, startTraffic } from '../../support/traffic-fleet.ts'
import { until } from '../../support/until.ts'

const publishes = (relay: Relay, visit: number) =>
  relay.visits[visit]!.packets.filter(({ cmd }) => cmd === 'publish').map(({ messageId }) => messageId)

/** A relay that has held these packet ids since another process left the session, and tells nobody: MQTT 3.1.1 cannot. */
async function relayThatHolds(...ids: number[]) {
  const held = new Set(ids)
  const swallowed: number[] = []
  const relay = await Relay.start({
    answer(visit, packet) {
      if (packet.cmd === 'pubrel') held.delete(packet.messageId!)
      if (packet.cmd === 'publish' && held.has(packet.messageId!)) {
        swallowed.push(packet.messageId!)
        visit.send({ cmd: 'pubrec', messageId: packet.messageId })
      } else Relay.prototype.answer(visit, packet)
    },
  })
  relay.sessions.set('c0', new Set())
  return { relay, held, swallowed }
}

test('packet ids of a session that another process left are released before they are used', async () => {
  for (const protocol of ['3.1.1', '5'] as const) {
    const { relay, held, swallowed } = await relayThatHolds(1, 2, 70)
    const { fleet, finish } = await startTraffic([relay.target], {
      clients: 1,
      groups: [publisher({ qos: 2, everyMs: 1, limit: 100 }, { protocol, persistent: true })],
    })
    await published(fleet, 100)
    const report = await finish(30_000)
    assert.equal(swallowed, [])
    assert.not.ok(held.has(1))
    const [{ sent, acknowledged }] = report.publishers as [(typeof report.publishers)[0]]
    assert.equal({ sent, acknowledged }, { sent: 100, acknowledged: 100 })
    const order = relay.visits[0]!.packets.map(({ cmd }) => cmd)
    assert.ok(order.indexOf('pubrel') < order.indexOf('publish'))
    await relay.close()
  }
})

test('releases that are not answered are sent again on the next connection, and no message comes before', async () => {
  const { relay, swallowed } = await relayThatHolds(1)
  const { answer } = relay
  relay.answer = (visit, packet) => {
    if (packet.cmd !== 'pubrel') answer.call(relay, visit, packet)
  }
  const { fleet, finish } = await startTraffic([relay.target], {
    clients: 1,
    groups: [publisher({ qos: 2, everyMs: 1, limit: 3 }, { protocol: '3.1.1', persistent: true })],
  })
  await until('the releases came', () => relay.packets('pubrel').length === 64)
  assert.equal(publishes(relay, 0), [])
  relay.answer = answer
  relay.visits[0]!.socket.destroy()
  await published(fleet, 3)
  await finish(30_000)
  assert.equal(swallowed, [])
  assert.is(relay.visits[1]!.packets.filter(({ cmd }) => cmd === 'pubrel').length, 64 + 3)
  await relay.close()
})

test('a session that this process began needs no release', async () => {
  const relay = await Relay.start()
  const { fleet, finish } = await startTraffic([relay.target], {
    clients: 1,
    groups: [publisher({ qos: 2, everyMs: 1, limit: 5 }, { protocol: '3.1.1', persistent: true })],
  })
  await published(fleet, 5)
  await finish(30_000)
  assert.is(relay.packets('pubrel').length, 5)
  await relay.close()
})

test.run()
