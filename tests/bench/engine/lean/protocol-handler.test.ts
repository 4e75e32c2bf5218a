/** One client's half of MQTT, without a socket. */
import fc from 'fast-check'
import { generate, type Packet } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readPackets } from '#weir/bench/codec/packet-stream.ts'
import { MalformedPacket } from '#weir/bench/codec/reason-code.ts'
import { Client } from '#weir/bench/engine/lean/client.ts'
import { continueInbox } from '#weir/bench/engine/lean/inbox.ts'
import { type PacketListener, ProtocolHandler } from '#weir/bench/engine/lean/protocol-handler.ts'
import type { GroupSpec } from '#weir/bench/types.ts'
import { anyServerPacket } from '../../support/arbitrary-packets.ts'
import { parsed } from '../../support/mqtt-packet.ts'
import { shardSpec } from '../../support/one-shard.ts'

interface Heard {
  topic: string
  payload: string
  repeated: boolean
}

/** A client that is online, and what came of what it was sent. */
class Talk implements PacketListener {
  readonly client: Client
  readonly heard: Heard[] = []
  readonly inFlight = new Set<number>()
  readonly #handler = new ProtocolHandler(this)
  readonly #written: Buffer[] = []

  constructor(group: Partial<GroupSpec> = {}) {
    const whole = { name: 'g', share: 1, protocol: '5', persistent: true, ...group } as const
    this.client = new Client(shardSpec(1883, { group: whole }), 0)
    this.client.state = 'online'
    const write = (bytes: Buffer) => this.#written.push(bytes)
    this.client.socket = {
      client: this.client,
      write,
      writableLength: 0,
      end: write,
      destroy: () => undefined,
    }
  }

  /** Gives it packets in one read; returns what it answered. */
  say(...packets: unknown[]): (Packet & { reasonCode?: number })[] {
    const version = this.client.group.protocol === '5' ? 5 : 4
    return this.read(
      Buffer.concat(packets.map((packet) => generate(packet as Packet, { protocolVersion: version }))),
    )
  }

  read(bytes: Buffer): Packet[] {
    this.#handler.begin(this.client, bytes)
    const { partial } = this.client
    this.client.partial = readPackets(partial, bytes, bytes.length, this.client, this.#handler.onPacket)
    this.#handler.acks.flush(this.client.socket!)
    const written = Buffer.concat(this.#written.splice(0))
    return parsed(written, this.client.group.protocol === '5' ? 5 : 4)
  }

  onConnack(): void {}
  onSuback(): void {}
  onUnsuback(): void {}
  onPingresp(): void {}
  onDisconnect(): void {}
  onMessage: PacketListener['onMessage'] = (_client, view, bytes, repeated) => {
    this.heard.push({
      topic: view.topicBytes.toString('utf8', view.topicStart, view.topicEnd),
      payload: bytes.toString('utf8', view.payloadStart, view.payloadEnd),
      repeated,
    })
  }
  onAck: PacketListener['onAck'] = (_client, _ack, packetId) => this.inFlight.has(packetId)
}

const message = (topic: string, payload: string, more: Record<string, unknown> = {}) => ({
  cmd: 'publish',
  topic,
  payload,
  qos: 0,
  dup: false,
  retain: false,
  ...more,
})
const answers = (packets: (Packet & { reasonCode?: number })[]) =>
  packets.map(({ cmd, messageId, reasonCode = 0 }) => [cmd, messageId, reasonCode])

test('a topic alias stands for its topic until it is given another; identifiers may come with the message', () => {
  const talk = new Talk({ connect: { topicAliasMaximum: 2 } })
  talk.say(message('one', '1', { properties: { topicAlias: 1, subscriptionIdentifier: [5, 300] } }))
  talk.say(
    message('', '2', { properties: { topicAlias: 1 } }),
    message('two', '3', { properties: { topicAlias: 2 } }),
  )
  talk.say(message('three', '4', { properties: { topicAlias: 1 } }), message('plain', '5'))
  talk.say(
    message('', '6', { properties: { topicAlias: 1 } }),
    message('', '7', { properties: { topicAlias: 2 } }),
  )
  assert.equal(
    talk.heard.map(({ topic, payload }) => `${topic} ${payload}`),
    ['one 1', 'one 2', 'two 3', 'three 4', 'plain 5', 'three 6', 'two 7'],
  )
})

for (const protocol of ['3.1.1', '5'] as const) {
  test(`MQTT ${protocol}: a QoS 2 message sent again before its release is acknowledged, and told as repeated`, () => {
    const talk = new Talk({ protocol })
    const qos2 = (payload: string, dup: boolean) => message('t', payload, { qos: 2, messageId: 7, dup })
    assert.equal(answers(talk.say(qos2('a', false))), [['pubrec', 7, 0]])
    assert.equal(answers(talk.say(qos2('a', true))), [['pubrec', 7, 0]])
    assert.equal(answers(talk.say({ cmd: 'pubrel', messageId: 7 })), [['pubcomp', 7, 0]])
    assert.equal(answers(talk.say(qos2('b', false))), [['pubrec', 7, 0]])
    assert.equal(
      talk.heard.map(({ payload, repeated }) => [payload, repeated]),
      [
        ['a', false],
        ['a', true],
        ['b', false],
      ],
    )
  })

  test(`MQTT ${protocol}: what is not released outlives the connection, but not the session`, () => {
    for (const sessionPresent of [1, 0] as const) {
      const talk = new Talk({ protocol })
      const qos2 = message('t', 'a', { qos: 2, messageId: 7 })
      talk.say(qos2)
      talk.client.inbox = continueInbox(talk.client.inbox!, sessionPresent)
      talk.say({ ...qos2, dup: true })
      assert.is(talk.heard[1]!.repeated, sessionPresent === 1)
    }
  })

  test(`MQTT ${protocol}: a QoS 1 message sent again is told again: nothing says that it is the same`, () => {
    const talk = new Talk({ protocol })
    const qos1 = message('t', 'a', { qos: 1, messageId: 7 })
    assert.equal(answers(talk.say(qos1, { ...qos1, dup: true })), [
      ['puback', 7, 0],
      ['puback', 7, 0],
    ])
    assert.equal(
      talk.heard.map(({ repeated }) => repeated),
      [false, false],
    )
  })

  test(`MQTT ${protocol}: PUBREC is released; one of an unknown packet id with the reason that says so`, () => {
    const talk = new Talk({ protocol })
    talk.inFlight.add(3)
    const unknown = protocol === '5' ? 0x92 : 0
    assert.equal(answers(talk.say({ cmd: 'pubrec', messageId: 3 }, { cmd: 'pubrec', messageId: 4 })), [
      ['pubrel', 3, 0],
      ['pubrel', 4, unknown],
    ])
    assert.equal(answers(talk.say({ cmd: 'pubrel', messageId: 9 })), [['pubcomp', 9, unknown]])
    assert.equal(talk.say({ cmd: 'puback', messageId: 3 }, { cmd: 'pubcomp', messageId: 3 }), [])
  })
}

test('a PUBREC that refuses ends the exchange: there is nothing to release', () => {
  const talk = new Talk()
  talk.inFlight.add(3)
  assert.equal(talk.say({ cmd: 'pubrec', messageId: 3, reasonCode: 0x97 }), [])
})

test('a client without QoS 2 messages and aliases has no inbox', () => {
  const talk = new Talk()
  talk.say(message('t', 'a'), message('t', 'b', { qos: 1, messageId: 1 }), { cmd: 'pubrel', messageId: 5 })
  assert.is(talk.client.inbox, null)
})

const version5 = anyServerPacket.filter(({ version }) => version === 5)

test('any packets in one read or a byte at a time: the same answers, or the same protocol error', () => {
  const outcome = (pieces: Buffer[]) => {
    const talk = new Talk({ connect: { topicAliasMaximum: 0xffff } })
    const answered: unknown[] = []
    try {
      for (const piece of pieces) answered.push(...answers(talk.read(piece)))
    } catch (error) {
      assert.instance(error, MalformedPacket)
      return { heard: talk.heard, code: (error as MalformedPacket).reasonCode }
    }
    return { answered, heard: talk.heard }
  }
  fc.assert(
    fc.property(fc.array(version5, { minLength: 1, maxLength: 5 }), (list) => {
      const bytes = Buffer.concat(list.map(({ packet }) => generate(packet, { protocolVersion: 5 })))
      const single = Array.from(bytes, (_, i) => Buffer.from(bytes.subarray(i, i + 1)))
      assert.equal(outcome(single), outcome([bytes]))
    }),
    { numRuns: 300 },
  )
})

test.run()
