import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Relay } from '../../support/relay.ts'
import { published, publisher, startTraffic } from '../../support/traffic-fleet.ts'
import { until } from '../../support/until.ts'

const PACKET_ID_IN_USE = 0x91

test('a server that says of a message sent again that it holds its packet id has the message: it is released', async () => {
  // As EMQX 5.8 answers what it has had already; its PUBREC was lost with the connection.
  const relay = await Relay.start({ answer: () => undefined })
  const { fleet, finish } = await startTraffic([relay.target], {
    clients: 1,
    groups: [publisher({ qos: 2, everyMs: 1, inFlight: 2, limit: 5 }, { persistent: true })],
  })
  await until('the window is full', () => relay.packets('publish').length === 2)
  relay.answer = (visit, packet) => {
    if (packet.cmd === 'publish' && packet.dup)
      visit.send({ cmd: 'pubrec', messageId: packet.messageId, reasonCode: PACKET_ID_IN_USE })
    else Relay.prototype.answer(visit, packet)
  }
  relay.visits[0]!.socket.destroy()
  await published(fleet, 5)
  const report = await finish(30_000)
  const again = relay.visits[1]!.packets.slice(0, 4)
  assert.equal(
    again.map(({ cmd, messageId }) => [cmd, messageId]),
    [
      ['publish', 1],
      ['publish', 2],
      ['pubrel', 1],
      ['pubrel', 2],
    ],
  )
  const [{ sent, acknowledged, refused }] = report.publishers as [(typeof report.publishers)[0]]
  assert.equal({ sent, acknowledged, refused }, { sent: 5, acknowledged: 5, refused: 0 })
  await relay.close()
})

test('of a message that was never sent before it says that it is refused', async () => {
  const relay = await Relay.start({
    answer(visit, packet) {
      if (packet.cmd === 'publish')
        visit.send({ cmd: 'pubrec', messageId: packet.messageId, reasonCode: PACKET_ID_IN_USE })
    },
  })
  const { finish } = await startTraffic([relay.target], {
    clients: 1,
    groups: [publisher({ qos: 2, everyMs: 1, limit: 3 })],
  })
  await until('all are sent', () => relay.packets('publish').length === 3)
  const report = await finish()
  const [{ sent, acknowledged, refused }] = report.publishers as [(typeof report.publishers)[0]]
  assert.equal({ sent, acknowledged, refused }, { sent: 3, acknowledged: 0, refused: 3 })
  assert.is(relay.packets('pubrel').length, 0)
  await relay.close()
})

test.run()
