/** Packets that are well-formed and out of place (MQTT 5 §4.13): named, counted, and the same for both engines. */
import type { Packet } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { BreachCounts, ProtocolBreach, ProtocolVersion } from '#weir/facts/index.ts'
import type { Manners, Visit } from '../../support/fake-broker.ts'
import type { OneShard, ShardChanges } from '../../support/one-shard.ts'
import { until } from '../../support/until.ts'
import { group } from '../behaviours/groups.ts'
import { both, once, publish } from './scene.ts'

const told = (shard: OneShard): BreachCounts => shard.history.breaches

/** Answers the first message wrongly, and no other. */
const answering = (wrong: (visit: Visit, messageId: number) => void): Partial<Manners> => {
  let answered = false
  return {
    onPacket(visit, packet) {
      if (packet.cmd === 'disconnect') visit.socket.end()
      if (packet.cmd !== 'publish' || answered) return
      answered = true
      wrong(visit, packet.messageId!)
    },
  }
}

const acks =
  (...cmds: Packet['cmd'][]) =>
  (visit: Visit, messageId: number) => {
    for (const cmd of cmds) visit.send({ cmd, messageId })
  }

const publishing = (qos: 1 | 2, protocol: ProtocolVersion, persistent = false): ShardChanges => ({
  group: group(protocol, { persistent, publish: publish({ qos, limit: 1 }) }),
})

for (const protocol of ['5', '3.1.1'] as const) {
  for (const [breach, qos, wrong] of [
    ['puback-for-qos-2', 2, acks('puback')],
    ['pubcomp-before-pubrel', 2, acks('pubcomp')],
    ['pubrec-for-qos-1', 1, acks('pubrec')],
    ['pubcomp-for-qos-1', 1, acks('pubcomp')],
  ] as const)
    both(
      `MQTT ${protocol}: ${breach} ends the connection, and acknowledges nothing`,
      () => answering(wrong),
      async ({ start }) => {
        const shard = start(publishing(qos, protocol))
        await until('the client is back', () => shard.counters().connected === 2)
        assert.is(shard.counters().acknowledged, 0)
        const history = await shard.stop()
        assert.is(history.story(0)[3], `disconnected protocol-error ${0x82}`)
        assert.equal(told(shard), { [breach]: 1 })
      },
    )

  for (const [breach, packet, code] of [
    ['second-connack', { cmd: 'connack', reasonCode: 0, returnCode: 0, sessionPresent: false }, 0x82],
    ['suback-out-of-place', { cmd: 'suback', messageId: 9, granted: [0] }, 0x82],
    ['packet-of-a-client', { cmd: 'pingreq' }, 0x81],
  ] as const)
    both(
      `MQTT ${protocol}: ${breach} ends the connection`,
      () => ({}),
      async ({ broker, start }) => {
        const shard = start({ group: group(protocol) })
        await until('it is online', () => shard.counters().online === 1)
        broker.visits[0]!.send(packet)
        await until('the client is back', () => shard.counters().connected === 2)
        assert.is((await shard.stop()).story(0)[3], `disconnected protocol-error ${code}`)
        assert.equal(told(shard), { [breach]: 1 })
      },
    )
}

both(
  'DISCONNECT from an MQTT 3.1.1 server ends the connection',
  () => ({}),
  async ({ broker, start }) => {
    const shard = start({ group: group('3.1.1') })
    await until('it is online', () => shard.counters().online === 1)
    broker.visits[0]!.socket.end(Buffer.from([0xe0, 0]))
    await until('the client is back', () => shard.counters().connected === 2)
    assert.is((await shard.stop()).story(0)[3], `disconnected protocol-error ${0x81}`)
    assert.equal(told(shard), { 'disconnect-in-3.1.1': 1 })
  },
)

both(
  'before a CONNACK nothing else may come',
  () => once((visit) => visit.socket.write(Buffer.from([0xd0, 0]))),
  async ({ start }) => {
    const shard = start()
    await until('it is online', () => shard.counters().online === 1)
    assert.is((await shard.stop()).story(0)[2], `failed protocol-error ${0x82}`)
    assert.equal(told(shard), { 'no-connack-first': 1 })
  },
)

both(
  'an answer to nothing is counted, and the connection goes on',
  () => ({}),
  async ({ broker, start }) => {
    const shard = start()
    await until('it is online', () => shard.counters().online === 1)
    const [visit] = broker.visits
    for (const cmd of ['puback', 'pubcomp', 'pubrec'] as const) visit!.send({ cmd, messageId: 9 })
    // Of the PUBREL that a PUBREC brings.
    visit!.send({ cmd: 'pubcomp', messageId: 9 })
    visit!.send({ cmd: 'unsuback', messageId: 9, granted: [0] })
    visit!.sendMessage()
    await until('all were read', () => broker.packets('puback').length === 1)
    assert.is((await shard.stop()).count('disconnected'), 0)
    const { 'unknown-packet-id': unknown, ...rest } = told(shard)
    // The package releases nothing that it does not know.
    assert.ok(unknown === 3 || unknown === 4, String(unknown))
    assert.equal(rest, { 'unsuback-out-of-place': 1 })
  },
)

const noBreach: [string, Partial<Manners>][] = [
  ['a PUBREC that comes twice', answering(acks('pubrec', 'pubrec'))],
  [
    'a PUBREC that refuses',
    answering((visit, messageId) => visit.send({ cmd: 'pubrec', messageId, reasonCode: 0x97 })),
  ],
]
for (const [what, manners] of noBreach)
  both(
    `${what} is no breach`,
    () => {
      const { onPacket } = manners
      return {
        onPacket(visit, packet) {
          if (packet.cmd === 'pubrel') visit.send({ cmd: 'pubcomp', messageId: packet.messageId })
          else onPacket?.call(undefined as never, visit, packet)
        },
      }
    },
    async ({ broker, start }) => {
      const shard = start(publishing(2, '5'))
      await until('the message came', () => broker.packets('publish').length === 1)
      broker.visits[0]!.sendMessage()
      await until('all were read', () => broker.packets('puback').length === 1)
      const history = await shard.stop()
      assert.is(history.count('disconnected'), 0)
      assert.equal(told(shard), {} satisfies Partial<Record<ProtocolBreach, number>>)
    },
  )

both(
  'a resumed session may know identifiers that the client does not',
  () => ({ onConnect: (visit) => visit.accept(true) }),
  async ({ broker, start }) => {
    const shard = start(publishing(1, '5', true))
    await until('it is online', () => shard.counters().online === 1)
    for (const cmd of ['puback', 'pubrec', 'pubcomp'] as const)
      broker.visits[0]!.send({ cmd, messageId: 999 })
    broker.visits[0]!.sendMessage()
    await until('all were read', () => broker.packets('puback').length === 1)
    await shard.stop()
    assert.equal(told(shard), {})
  },
)

test.run()
