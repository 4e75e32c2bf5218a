/** What the flags ask for is what a broker reads, on both engines. */
import type { IConnectPacket, IPublishPacket, ISubscribePacket } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { weir } from '../../cli/weir.ts'
import type { FakeBroker, Visit } from '../support/fake-broker.ts'
import { until } from '../support/until.ts'
import { closeLeft, listen } from './brokers-of-test.ts'
import { untilSaid } from './until-said.ts'

test.after.each(closeLeft)

const PROPERTIES =
  '--rcv-max 10 --maximum-packet-size 1000 --topic-alias-maximum 5 --req-response-info -se 60'
const WILL = '-Wt w/%i -Wm gone -Wq 1 -Wr -Wd 5 -Wpf -We 60 -Wct text -Wrt r -Wcd c -Wup x:1'

/** Plain values, as mqtt-packet makes objects without a prototype, and buffers of texts. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, one) => (one?.type === 'Buffer' ? Buffer.from(one.data).toString() : one)) ??
      'null',
  )
}

function acknowledging(): (visit: Visit, packet: IPublishPacket) => void {
  return (visit, { messageId }) => visit.send({ cmd: 'puback', messageId, reasonCode: 0 })
}

function words(broker: FakeBroker, engine: string, line: string): string[] {
  const target = ['-h', '127.0.0.1', '-p', String(broker.port), '--engine', engine, '--workers', '1']
  return [...line.split(' '), ...target]
}

test('several brokers and several local addresses, in turn', async () => {
  const cameFrom: string[][] = [[], []]
  const brokers = await Promise.all(
    cameFrom.map((addresses) =>
      listen({ onSocket: ({ socket }) => void addresses.push(socket.remoteAddress!) }),
    ),
  )
  const hosts = brokers.map(({ port }) => `127.0.0.1:${port}`).join()
  const line = ['conn', '-c', '6', '-i', '1', '-I', 'dev-%i', '-h', hosts, '--workers', '2']
  const ran = await untilSaid([...line, '--ifaddr', '127.0.0.2,127.0.0.3'], 'all 6 clients are connected')
  const ids = brokers.map(({ visits }) => visits.map(({ connect }) => connect.clientId).sort())
  assert.is(ran.code, 0, ran.stderr)
  // Client k goes to target k mod 2; which address it takes, the fleet spreads over each target's clients.
  assert.equal(ids, [
    ['dev-0', 'dev-2', 'dev-4'],
    ['dev-1', 'dev-3', 'dev-5'],
  ])
  assert.equal([...new Set(cameFrom.flat())].sort(), ['127.0.0.2', '127.0.0.3'])
})

for (const engine of ['lean', 'mqttjs']) {
  test(`${engine}: CONNECT with all that MQTT 5 has`, async () => {
    const broker = await listen()
    const line = `conn -c 2 -i 1 -I dev-%i --no-clean --no-req-problem-info -k 20 -u me -P secret -up a:1 -up a:2 ${PROPERTIES} ${WILL}`
    const ran = await untilSaid(words(broker, engine, line), 'all 2 clients are connected')
    await broker.close()
    assert.is(ran.code, 0, ran.stderr)
    const connect = broker.visits.find((visit) => visit.connect.clientId === 'dev-1')!
      .connect as IConnectPacket
    const { clean, keepalive, username, password, properties, will } = connect
    assert.equal(plain({ clean, keepalive, username, password, properties }), {
      clean: false,
      keepalive: 20,
      username: 'me',
      password: 'secret',
      properties: {
        sessionExpiryInterval: 60,
        receiveMaximum: 10,
        maximumPacketSize: 1000,
        topicAliasMaximum: 5,
        requestResponseInformation: true,
        requestProblemInformation: false,
        userProperties: { a: ['1', '2'] },
      },
    })
    assert.equal(plain(will), {
      topic: 'w/1',
      payload: 'gone',
      qos: 1,
      retain: true,
      properties: {
        willDelayInterval: 5,
        payloadFormatIndicator: true,
        messageExpiryInterval: 60,
        contentType: 'text',
        responseTopic: 'r',
        correlationData: 'c',
        userProperties: { x: '1' },
      },
    })
  })

  test(`${engine}: SUBSCRIBE with each topic's own options`, async () => {
    const broker = await listen()
    const line =
      'sub -c 1 -v -I dev -u me -t a/%i b/%c/%u -q 1 2 -nl true false -rap false true -rh 1 2 -si 7 8 -up p:1 -Cup c:1'
    const ran = await untilSaid(words(broker, engine, line), ', 1 subscribed')
    await broker.close()
    assert.is(ran.code, 0, ran.stderr)
    assert.equal(plain(broker.visits[0]!.connect.properties?.userProperties), { c: '1' })
    const packets = broker.packets('subscribe') as ISubscribePacket[]
    const asked = packets.flatMap(({ subscriptions, properties }) =>
      subscriptions.map((one) => ({ ...one, properties })),
    )
    assert.equal(plain(asked), [
      {
        topic: 'a/0',
        qos: 1,
        nl: true,
        rap: false,
        rh: 1,
        properties: { subscriptionIdentifier: 7, userProperties: { p: '1' } },
      },
      {
        topic: 'b/dev/me',
        qos: 2,
        nl: false,
        rap: true,
        rh: 2,
        properties: { subscriptionIdentifier: 8, userProperties: { p: '1' } },
      },
    ])
  })

  test(`${engine}: PUBLISH with all that MQTT 5 has, until the limit`, async () => {
    const broker = await listen()
    const answer = acknowledging()
    broker.onConnect = (visit) => visit.accept(false, { topicAliasMaximum: 5 })
    broker.onPacket = (visit, packet) => {
      if (packet.cmd === 'publish') answer(visit, packet)
      else if (packet.cmd === 'disconnect') visit.socket.end()
    }
    const line =
      'pub -c 2 -i 1 -I dev-%i -t a/%c -q 1 -im 5 -L 6 -m hello -r -pf -e 60 -ta 3 -rt r -cd c -ct text -up p:1'
    const ran = await weir(['bench', ...words(broker, engine, line)])
    await until('all messages have come', () => broker.packets('publish').length === 6)
    await broker.close()
    assert.is(ran.code, 0, ran.stderr)
    assert.match(ran.stdout, /published +6: 6 acknowledged, 0 refused/)
    assert.match(ran.stdout, /QoS 1 acknowledged +p50/)
    const visit = broker.visits.find(({ connect }) => connect.clientId === 'dev-0')!
    const [first] = visit.packets.filter(({ cmd }) => cmd === 'publish') as IPublishPacket[]
    const { topic, qos, retain, dup, payload, properties } = first!
    assert.equal(plain({ topic, qos, retain, dup, payload, properties }), {
      topic: 'a/dev-0',
      qos: 1,
      retain: true,
      dup: false,
      payload: 'hello',
      properties: {
        payloadFormatIndicator: true,
        messageExpiryInterval: 60,
        topicAlias: 3,
        responseTopic: 'r',
        correlationData: 'c',
        userProperties: { p: '1' },
        contentType: 'text',
      },
    })
  })
}

test.run()
