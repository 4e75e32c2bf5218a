/** What MQTT 5 lets each side bear, and what a session keeps in flight. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FakeBroker, type Visit } from '../../support/fake-broker.ts'
import { until } from '../../support/until.ts'
import { group } from '../behaviours/groups.ts'
import { acknowledging, both, brokenProtocol, message, type Publish, publish } from './scene.ts'

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
    await until('one may not publish', () => large.counters().cannotPublish === 1)
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
  async ({ engine, broker, start }) => {
    const shard = start({ group: group('5', { connect: { maximumPacketSize: 100 } }) })
    await until('it is online', () => shard.counters().online === 1)
    assert.is(broker.visits[0]!.connect.properties?.maximumPacketSize, 100)
    const large = { cmd: 'publish', topic: 'x', payload: 'x'.repeat(200), qos: 0, dup: false, retain: false }
    broker.visits[0]!.send(large)
    await until('the client is back', () => shard.counters().connected === 2)
    assert.is((await shard.stop()).story(0)[3], brokenProtocol(engine, 0x95))
  },
)

both(
  'a topic alias stands for its topic from the second message on, anew on each connection',
  () => ({ ...acknowledging, onConnect: (visit) => visit.accept(false, { topicAliasMaximum: 5 }) }),
  async ({ broker, start }) => {
    const shard = start({ group: group('5', { publish: publish({ topicAlias: 3, limit: 0, everyMs: 5 }) }) })
    // What was in flight is sent again with its topic alone.
    const aliased = (visit: Visit) =>
      visit.packets
        .filter((packet): packet is Publish => packet.cmd === 'publish')
        .filter(({ properties }) => properties?.topicAlias !== undefined)
        .map(({ topic, properties }) => [topic, properties!.topicAlias])
    await until('it is online', () => shard.counters().online === 1)
    await until('some came', () => aliased(broker.visits[0]!).length >= 2)
    broker.visits[0]!.socket.destroy()
    await until('it is back', () => broker.visits.length === 2)
    await until('some more came', () => aliased(broker.visits[1]!).length >= 2)
    await shard.stop()
    for (const visit of broker.visits.slice(0, 2))
      assert.equal(aliased(visit).slice(0, 2), [
        ['a/long/topic/for/0', 3],
        ['', 3],
      ])
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

both(
  'a server may use aliases up to the maximum that the client told, and not beyond',
  () => ({}),
  async ({ engine, broker, start }) => {
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
    assert.is((await shard.stop()).story(0)[3], brokenProtocol(engine, 0x94))
  },
)

both(
  'a server that has more in flight than the client receives breaks the protocol',
  () => ({}),
  async ({ engine, broker, start }) => {
    const shard = start({ group: group('5', { connect: { receiveMaximum: 2 } }) })
    await until('it is online', () => shard.counters().online === 1)
    const [visit] = broker.visits
    assert.is(visit!.connect.properties?.receiveMaximum, 2)
    for (const messageId of [1, 2]) visit!.send(message({ qos: 2, messageId }))
    await until('both are noted', () => broker.packets('pubrec').length === 2)
    assert.is(shard.counters().online, 1)
    visit!.send(message({ qos: 2, messageId: 3 }))
    await until('the client is back', () => shard.counters().connected === 2)
    assert.is((await shard.stop()).story(0)[3], brokenProtocol(engine, 0x93))
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

test.run()
