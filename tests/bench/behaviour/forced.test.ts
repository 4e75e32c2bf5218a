/** What a real broker does only in trouble, or never: forced on both engines by a broker that does as it is told. */
import type { IDisconnectPacket, Packet } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EngineName, PublishSpec } from '#weir/bench/types.ts'
import { FakeBroker, type Manners, type Visit } from '../support/fake-broker.ts'
import { type OneShard, type ShardChanges, startShard } from '../support/one-shard.ts'
import { until } from '../support/until.ts'
import { group } from './behaviours/groups.ts'

const ENGINES: readonly EngineName[] = ['lean', 'mqttjs']

interface Scene {
  engine: EngineName
  broker: FakeBroker
  start(changes?: ShardChanges): OneShard
}

/** Plays with both engines, each with a broker of its own. */
function both(name: string, manners: () => Partial<Manners>, play: (scene: Scene) => Promise<void>): void {
  for (const engine of ENGINES)
    test(`${engine}: ${name}`, async () => {
      const broker = await FakeBroker.listen(manners())
      const shards: OneShard[] = []
      try {
        await play({
          engine,
          broker,
          start(changes = {}) {
            const shard = startShard(broker.port, { engine, ...changes })
            shards.push(shard)
            return shard
          },
        })
      } finally {
        await Promise.allSettled(shards.map((shard) => shard.stop()))
        await broker.close()
      }
    })
}

/** Misbehaves once, to the first visitor, and is good to the next. */
const once = (bad: (visit: Visit) => void): Partial<Manners> => {
  let visits = 0
  return { onConnect: (visit) => (visits++ === 0 ? bad(visit) : visit.accept()) }
}

for (const [protocol, codes] of [
  ['3.1.1', [1, 2, 3, 4, 5]],
  ['5', [0x80, 0x81, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x97, 0x9c, 0x9d, 0x9f]],
] as const)
  both(
    `MQTT ${protocol}: every refusal is told with its code, and tried again`,
    () => {
      let visits = 0
      return {
        onConnect: (visit) => {
          const code = codes[visits++]
          if (code === undefined) visit.accept()
          else visit.refuse(code)
        },
      }
    },
    async ({ start }) => {
      const shard = start({ group: group(protocol) })
      await until('it is online', () => shard.counters().online === 1)
      const history = await shard.stop()
      assert.equal(
        history.rows.filter(({ kind }) => kind === 'refused').map(({ code }) => code),
        [...codes],
      )
    },
  )

both(
  'pings keep a connection that is silent',
  () => ({}),
  async ({ broker, start }) => {
    const shard = start({ keepAliveSeconds: 1 })
    await until('it pinged three times', () => broker.packets('pingreq').length >= 3)
    const history = await shard.stop()
    assert.equal(history.story(0), ['scheduled', 'attempt', 'connected 0', 'left stopped'])
  },
)

both(
  'a ping without an answer ends the connection',
  () => ({ onPacket: () => undefined }),
  async ({ start }) => {
    const shard = start({ keepAliveSeconds: 1 })
    await until('the client is back', () => shard.counters().connected === 2)
    assert.is((await shard.stop()).story(0)[3], 'disconnected keepalive-timeout')
  },
)

both(
  'the keep-alive that an MQTT 5 server names is kept',
  () => ({ onConnect: (visit) => visit.accept(false, { serverKeepAlive: 1 }) }),
  async ({ broker, start }) => {
    start({ keepAliveSeconds: 60_000 })
    await until('it pinged', () => broker.packets('pingreq').length >= 1)
  },
)

both(
  'DISCONNECT from an MQTT 5 server is told with its code',
  () => ({}),
  async ({ broker, start }) => {
    const shard = start()
    await until('it is online', () => shard.counters().online === 1)
    broker.visits[0]!.send({ cmd: 'disconnect', reasonCode: 0x8b })
    broker.visits[0]!.socket.end()
    await until('the client is back', () => shard.counters().connected === 2)
    assert.is((await shard.stop()).story(0)[3], `disconnected disconnect-packet ${0x8b}`)
  },
)

for (const [what, bytes] of [
  ['no MQTT at all', `HTTP/1.1 400 Bad Request\r\n\r\n${'x'.repeat(200)}`],
  ['a length that cannot be', '\x20\xff\xff\xff\xff\x7f'],
  ['a property that does not exist', '\x20\x05\x00\x00\x02\x7e\x00'],
] as const)
  both(
    `garbage instead of a CONNACK (${what}) is a protocol error, and tried again`,
    () => once((visit) => visit.socket.write(Buffer.from(bytes, 'latin1'))),
    async ({ start }) => {
      const shard = start()
      await until('it is online', () => shard.counters().online === 1)
      assert.is((await shard.stop()).story(0)[2], 'failed protocol-error')
    },
  )

both(
  'garbage on a standing connection is a protocol error, and the client comes back',
  () => ({}),
  async ({ broker, start }) => {
    const shard = start()
    await until('it is online', () => shard.counters().online === 1)
    broker.visits[0]!.socket.write(Buffer.from([0x36, 2, 0, 0]))
    await until('the client is back', () => shard.counters().connected === 2)
    assert.is((await shard.stop()).story(0)[3], 'disconnected protocol-error')
  },
)

for (const [what, end] of [
  ['closes', (visit: Visit) => visit.socket.end(Buffer.from([0x20, 3, 0]))],
  ['resets', (visit: Visit) => visit.socket.resetAndDestroy()],
] as const)
  both(
    `a broker that ${what} half-way through its CONNACK`,
    () => once(end),
    async ({ start }) => {
      const shard = start()
      await until('it is online', () => shard.counters().online === 1)
      assert.is((await shard.stop()).story(0)[2], what === 'closes' ? 'failed closed' : 'failed reset')
    },
  )

both(
  'a broker that never answers',
  () => once(() => undefined),
  async ({ start }) => {
    const shard = start({ connackTimeoutMs: 200 })
    await until('it is online', () => shard.counters().online === 1)
    assert.is((await shard.stop()).story(0)[2], 'failed connack-timeout')
  },
)

for (const reconnect of [{ kind: 'fixed', baseMs: 50 }, { preset: 'mqttjs' }] as const)
  both(
    `the broker goes away and comes back: every client returns (${'preset' in reconnect ? 'mqttjs' : 'fixed'})`,
    () => ({}),
    async ({ broker, start }) => {
      const clients = 50
      const shard = start({ clients, reconnect })
      await until('all are online', () => shard.counters().online === clients)
      await broker.close()
      await until('all found nobody', () => shard.counters().failed >= clients)
      await broker.open()
      await until('all are back', () => shard.counters().online === clients)
      const history = await shard.stop()
      assert.is(history.count('disconnected'), clients)
      assert.is(history.count('gave-up'), 0)
      assert.is(history.count('failed', 'connection-refused'), history.count('failed'))
    },
  )

const ledger = { kind: 'ledger', bytes: 40 } as const
const publish = (more: Partial<PublishSpec> = {}): PublishSpec => ({
  topic: 'a/long/topic/for/%i',
  qos: 1,
  everyMs: 1,
  limit: 10,
  payload: ledger,
  ...more,
})

type Publish = Packet & { cmd: 'publish' }

let mostWaiting = 0

both(
  'no more messages are in flight than the server receives',
  () => {
    const waiting: [Visit, Publish][] = []
    mostWaiting = 0
    return {
      onConnect: (visit) => visit.accept(false, { receiveMaximum: 2 }),
      onPacket: (visit, packet) => {
        if (packet.cmd !== 'publish') return
        waiting.push([visit, packet])
        mostWaiting = Math.max(mostWaiting, waiting.length)
        setTimeout(() => {
          const [to, { messageId }] = waiting.shift()!
          to.send({ cmd: 'puback', messageId })
        }, 5)
      },
    }
  },
  async ({ broker, start }) => {
    const shard = start({ group: group('5', { publish: publish() }) })
    await until('all are acknowledged', () => shard.counters().acknowledged === 10)
    assert.is(broker.packets('publish').length, 10)
    assert.is(mostWaiting, 2)
  },
)

both(
  'what is larger than the server takes is not sent',
  () => ({ onConnect: (visit) => visit.accept(false, { maximumPacketSize: 60 }) }),
  async ({ broker, start }) => {
    const text = (length: number) => ({ kind: 'text', text: 'x'.repeat(length) }) as const
    const large = start({ group: group('5', { publish: publish({ qos: 0, payload: text(100) }) }) })
    await until('one is online', () => large.counters().online === 1)
    const small = publish({ qos: 0, payload: text(5), limit: 50 })
    const other = start({ group: group('5', { publish: small }), ids: ['other'] })
    await until('the small ones came', () => broker.packets('publish').length === 50)
    await Promise.all([large.stop(), other.stop()])
    assert.is(large.counters().published, 0)
    for (const { payload } of broker.packets('publish')) assert.is(payload.length, 5)
  },
)

both(
  'what is larger than the client takes ends the connection',
  () => ({}),
  async ({ broker, start }) => {
    const shard = start({ group: group('5', { connect: { maximumPacketSize: 100 } }) })
    await until('it is online', () => shard.counters().online === 1)
    assert.is(broker.visits[0]!.connect.properties?.maximumPacketSize, 100)
    const large = { cmd: 'publish', topic: 'x', payload: 'x'.repeat(200), qos: 0, dup: false, retain: false }
    broker.visits[0]!.send(large)
    await until('the client is back', () => shard.counters().connected === 2)
    assert.is((await shard.stop()).story(0)[3], 'disconnected protocol-error')
  },
)

const acknowledging: Pick<Manners, 'onPacket'> = {
  onPacket: (visit, packet) => {
    if (packet.cmd === 'publish' && packet.qos === 1)
      visit.send({ cmd: 'puback', messageId: packet.messageId })
    if (packet.cmd === 'disconnect') visit.socket.end()
  },
}

both(
  'a topic alias stands for its topic from the second message on, anew on each connection',
  () => ({ ...acknowledging, onConnect: (visit) => visit.accept(false, { topicAliasMaximum: 5 }) }),
  async ({ broker, start }) => {
    const shard = start({ group: group('5', { publish: publish({ topicAlias: 3, limit: 0, everyMs: 5 }) }) })
    const topics = (visit: Visit) =>
      visit.packets
        .filter((packet): packet is Publish => packet.cmd === 'publish')
        .map(({ topic, properties }) => [topic, properties?.topicAlias])
    await until('it is online', () => shard.counters().online === 1)
    await until('some came', () => topics(broker.visits[0]!).length >= 3)
    await until('nothing is in flight', () => shard.counters().acknowledged === shard.counters().published)
    broker.visits[0]!.socket.destroy()
    await until('it is back', () => broker.visits.length === 2)
    await until('some more came', () => topics(broker.visits[1]!).length >= 3)
    await shard.stop()
    for (const visit of broker.visits.slice(0, 2)) {
      const fresh = topics(visit).filter(([, alias]) => alias !== undefined)
      assert.equal(fresh.slice(0, 2), [
        ['a/long/topic/for/0', 3],
        ['', 3],
      ])
    }
  },
)

both(
  'a server without aliases gets none',
  () => ({ ...acknowledging }),
  async ({ broker, start }) => {
    const shard = start({ group: group('5', { publish: publish({ topicAlias: 3 }) }) })
    await until('all are acknowledged', () => shard.counters().acknowledged === 10)
    for (const { topic, properties } of broker.packets('publish')) {
      assert.is(topic, 'a/long/topic/for/0')
      assert.is(properties?.topicAlias, undefined)
    }
  },
)

/** What a server sends. */
const message = (more: object) => ({
  cmd: 'publish',
  topic: 'x',
  payload: 'x',
  qos: 0,
  dup: false,
  retain: false,
  ...more,
})

both(
  'a server may use aliases up to the maximum that the client told, and not beyond',
  () => ({}),
  async ({ broker, start }) => {
    const shard = start({ group: group('5', { connect: { topicAliasMaximum: 2 } }) })
    await until('it is online', () => shard.counters().online === 1)
    const [visit] = broker.visits
    assert.is(visit!.connect.properties?.topicAliasMaximum, 2)
    visit!.send(message({ topic: 'a/b', properties: { topicAlias: 2 } }))
    visit!.send(message({ topic: '', properties: { topicAlias: 2 } }))
    await until('both came', () => shard.counters().received === 2)
    assert.is(shard.counters().online, 1)
    visit!.send(message({ topic: 'a/b', properties: { topicAlias: 3 } }))
    await until('the client is back', () => shard.counters().connected === 2)
    assert.is((await shard.stop()).story(0)[3], 'disconnected protocol-error')
  },
)

both(
  'a server that has more in flight than the client receives breaks the protocol',
  () => ({}),
  async ({ broker, start }) => {
    const shard = start({ group: group('5', { connect: { receiveMaximum: 2 } }) })
    await until('it is online', () => shard.counters().online === 1)
    const [visit] = broker.visits
    assert.is(visit!.connect.properties?.receiveMaximum, 2)
    for (const messageId of [1, 2]) visit!.send(message({ qos: 2, messageId }))
    await until('both are noted', () => broker.packets('pubrec').length === 2)
    assert.is(shard.counters().online, 1)
    visit!.send(message({ qos: 2, messageId: 3 }))
    await until('the client is back', () => shard.counters().connected === 2)
    assert.is((await shard.stop()).story(0)[3], 'disconnected protocol-error')
  },
)

both(
  'what a kept session had in flight is sent again when the client is back',
  () => {
    const held = new FakeBroker()
    return {
      onConnect: (visit) => held.onConnect(visit),
      // The first connection gets no answer to what it publishes.
      onPacket: (visit, packet) => {
        if (visit === held.visits[0]) return
        acknowledging.onPacket(visit, packet)
      },
      onSocket: (visit) => {
        if (held.visits.length === 0) held.visits.push(visit)
      },
    }
  },
  async ({ engine, broker, start }) => {
    const persistent = group('5', { persistent: true, publish: publish({ limit: 3 }) })
    const shard = start({ group: persistent })
    await until('three came', () => broker.packets('publish').length === 3)
    broker.visits[0]!.socket.destroy()
    await until('all are acknowledged', () => shard.counters().acknowledged === 3)
    await shard.stop()
    const [first, again] = broker.visits.map(({ packets }) =>
      packets.filter((packet): packet is Publish => packet.cmd === 'publish'),
    )
    assert.equal(
      again!.map(({ messageId, payload }) => [messageId, payload]),
      first!.map(({ messageId, payload }) => [messageId, payload]),
    )
    // MQTT 5 §3.3.1.1: DUP must be set. MQTT.js 5.16 sends its copies without it.
    assert.equal(
      again!.map(({ dup }) => dup),
      [1, 2, 3].map(() => engine === 'lean'),
    )
  },
)

// What MQTT.js does otherwise than the specification says, or weir: asserted, so that the day it changes is noticed.

both(
  'before a CONNACK nothing else may come: lean calls it a protocol error, MQTT.js takes no notice',
  () => once((visit) => visit.socket.write(Buffer.from([0xd0, 0]))),
  async ({ engine, start }) => {
    const shard = start({ connackTimeoutMs: 200 })
    await until('it is online', () => shard.counters().online === 1)
    const ending = engine === 'lean' ? 'failed protocol-error' : 'failed connack-timeout'
    assert.is((await shard.stop()).story(0)[2], ending)
  },
)

both(
  'a server keep-alive of 0 ends pings in lean, and changes nothing in MQTT.js',
  () => ({ onConnect: (visit) => visit.accept(false, { serverKeepAlive: 0 }) }),
  async ({ engine, broker, start }) => {
    const shard = start({ keepAliveSeconds: 1 })
    if (engine === 'mqttjs') {
      await until('it pings', () => broker.packets('pingreq').length >= 1)
      return
    }
    const other = await FakeBroker.listen()
    const pinging = startShard(other.port, { keepAliveSeconds: 1 })
    await until('another client has pinged twice', () => other.packets('pingreq').length >= 2)
    await pinging.stop()
    await other.close()
    assert.is(broker.packets('pingreq').length, 0)
    assert.is(shard.counters().online, 1)
  },
)

both(
  'after DISCONNECT from a server that does not close, lean closes, and MQTT.js stays until its keep-alive ends',
  () => ({ onPacket: () => undefined }),
  async ({ engine, broker, start }) => {
    const shard = start({ keepAliveSeconds: 1 })
    await until('it is online', () => shard.counters().online === 1)
    const [visit] = broker.visits
    visit!.send({ cmd: 'disconnect', reasonCode: 0x8b })
    await until('it was told', () => shard.counters().disconnected === 1)
    await until('it is back', () => shard.counters().connected === 2)
    const history = await shard.stop()
    assert.is(history.story(0)[3], `disconnected disconnect-packet ${0x8b}`)
    const pinged = visit!.packets.some(({ cmd }) => cmd === 'pingreq')
    assert.is(pinged, engine === 'mqttjs')
  },
)

both(
  'DISCONNECT from an MQTT 3.1.1 server: lean calls it a protocol error, MQTT.js takes it for one of MQTT 5',
  () => ({}),
  async ({ engine, broker, start }) => {
    const shard = start({ group: group('3.1.1') })
    await until('it is online', () => shard.counters().online === 1)
    broker.visits[0]!.socket.end(Buffer.from([0xe0, 0]))
    await until('the client is back', () => shard.counters().connected === 2)
    const ending = engine === 'lean' ? 'disconnected protocol-error' : 'disconnected disconnect-packet 0'
    assert.is((await shard.stop()).story(0)[3], ending)
  },
)

let answering = false

both(
  'what was in flight when the session was lost: lean lets it go, MQTT.js sends it on the new session',
  () => {
    answering = false
    return { onPacket: (visit, packet) => answering && acknowledging.onPacket(visit, packet) }
  },
  async ({ engine, broker, start }) => {
    const shard = start({ group: group('5', { publish: publish({ limit: 2, inFlight: 1 }) }) })
    await until('one came', () => broker.packets('publish').length === 1)
    answering = true
    broker.visits[0]!.socket.destroy()
    await until('the last one came', () => shard.counters().published === 2)
    await until('it is answered', () => shard.counters().acknowledged === (engine === 'lean' ? 1 : 2))
    const payloads = broker.packets('publish').map(({ payload }) => payload.toString('hex'))
    assert.is(payloads.length, engine === 'lean' ? 2 : 3)
    assert.is(new Set(payloads).size, 2)
  },
)

both(
  'who leaves says goodbye: DISCONNECT 0',
  () => ({}),
  async ({ broker, start }) => {
    const shard = start({ clients: 20 })
    await until('all are online', () => shard.counters().online === 20)
    await shard.stop()
    await until('the broker read them all', () => broker.packets('disconnect').length === 20)
    for (const packet of broker.packets('disconnect') as IDisconnectPacket[])
      assert.is(packet.reasonCode ?? 0, 0)
  },
)

test.run()
