import type { IPublishPacket } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Visit } from '../../support/fake-broker.ts'
import { Relay } from '../../support/relay.ts'
import { published, publisher, sequenceOf, startTraffic } from '../../support/traffic-fleet.ts'
import { until } from '../../support/until.ts'

const sequences = (packets: readonly IPublishPacket[]) => packets.map(({ payload }) => sequenceOf(payload))
const sentIn = (visit: Visit) =>
  visit.packets.filter((packet): packet is IPublishPacket => packet.cmd === 'publish')

for (const qos of [0, 1, 2] as const)
  test(`QoS ${qos}: a group's limit is published to the last message, and acknowledged`, async () => {
    const relay = await Relay.start()
    const { fleet, finish } = await startTraffic([relay.target], {
      clients: 3,
      groups: [publisher({ qos, limit: 20 })],
    })
    await published(fleet, 20)
    const report = await finish()
    const sent = relay.packets('publish')
    assert.is(sent.length, 20)
    assert.equal(
      report.publishers.map(({ sent: count }) => count),
      [7, 7, 6],
      'the limit is shared out',
    )
    for (const { publisher: index, topic } of report.publishers) {
      const own = sent.filter((packet) => packet.topic === topic)
      assert.equal(
        sequences(own),
        own.map((_, i) => i + 1),
        `client ${index}`,
      )
      assert.ok(own.every((packet) => packet.qos === qos && !packet.dup && packet.payload.length === 32))
    }
    assert.is(
      report.publishers.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
      qos === 0 ? 0 : 20,
    )
    assert.is(report.settled, true)
    await relay.close()
  })

test('a window that is full holds messages back until an acknowledgement makes room', async () => {
  const held: { visit: Visit; messageId: number }[] = []
  const relay = await Relay.start({
    onConnect: (visit) => visit.accept(false, { receiveMaximum: 3 }),
    answer: (visit, packet) => {
      if (packet.cmd === 'publish') held.push({ visit, messageId: packet.messageId! })
    },
  })
  const { fleet, finish } = await startTraffic([relay.target], {
    clients: 1,
    groups: [publisher({ everyMs: 1, limit: 10 })],
  })
  for (let sent = 3; sent <= 10; sent++) {
    await until(`${sent} have come`, () => relay.packets('publish').length >= sent)
    assert.is(relay.packets('publish').length, sent, 'never more than three unacknowledged')
    const { visit, messageId } = held.shift()!
    visit.send({ cmd: 'puback', messageId })
  }
  while (held.length > 0) {
    const { visit, messageId } = held.shift()!
    visit.send({ cmd: 'puback', messageId })
  }
  await until('all are acknowledged', () => fleet.counters().acknowledged === 10)
  await finish()
  await relay.close()
})

test('a sink that stalls shows in the latencies: each message counts from when it was due', async () => {
  const stallMs = 500
  let stalledUntil: Promise<void> | undefined
  const relay = await Relay.start({
    answer: (visit, packet) => {
      if (packet.cmd !== 'publish') return
      stalledUntil ??= new Promise((resolve) => setTimeout(resolve, stallMs))
      stalledUntil.then(() => visit.send({ cmd: 'puback', messageId: packet.messageId }))
    },
  })
  const { fleet, finish } = await startTraffic([relay.target], {
    clients: 1,
    groups: [publisher({ everyMs: 10, limit: 50, inFlight: 1 })],
  })
  await until('all are acknowledged', () => fleet.counters().acknowledged === 50)
  const { latencies } = await finish()
  const ack = latencies.find(({ of, qos }) => of === 'ack' && qos === 1)!
  assert.is(ack.count, 50)
  // Message k was due k × 10 ms after the first, and none was answered before the stall was over.
  assert.ok(ack.maxMs >= stallMs, `max ${ack.maxMs}`)
  assert.ok(ack.p50Ms >= stallMs - 260, `p50 ${ack.p50Ms}`)
  await relay.close()
})

test('what is in flight when a connection is lost is sent again in order when the session is still there', async () => {
  const relay = await Relay.start({ answer: () => undefined })
  const { fleet, finish } = await startTraffic([relay.target], {
    clients: 1,
    groups: [publisher({ everyMs: 1, inFlight: 3, limit: 5 }, { persistent: true })],
  })
  await until('three have come', () => relay.packets('publish').length === 3)
  relay.answer = Relay.prototype.answer
  relay.visits[0]!.socket.destroy()
  await until('all are acknowledged', () => fleet.counters().acknowledged === 5)
  const report = await finish()
  const [first, second] = relay.visits.map(sentIn)
  assert.equal(sequences(first!), [1, 2, 3])
  assert.equal(sequences(second!), [1, 2, 3, 4, 5])
  assert.equal(
    second!.map(({ dup }) => dup),
    [true, true, true, false, false],
  )
  for (const [i, packet] of first!.entries()) {
    assert.is(second![i]!.messageId, packet.messageId, 'the same packet id')
    assert.equal(second![i]!.payload, packet.payload, 'the same bytes')
  }
  assert.is(fleet.counters().published, 5, 'a message counts once')
  const [{ sent, acknowledged, abandoned }] = report.publishers as [(typeof report.publishers)[0]]
  assert.equal({ sent, acknowledged, abandoned }, { sent: 5, acknowledged: 5, abandoned: 0 })
  await relay.close()
})

test('a QoS 2 exchange that was cut goes on where it was: PUBREL for what was received, PUBLISH for the rest', async () => {
  const relay = await Relay.start({
    // The second message gets no answer, and no PUBREL is answered.
    answer(visit, packet) {
      if (packet.cmd === 'publish' && sequenceOf(packet.payload) !== 2)
        visit.send({ cmd: 'pubrec', messageId: packet.messageId })
    },
  })
  const { fleet, finish } = await startTraffic([relay.target], {
    clients: 1,
    groups: [publisher({ qos: 2, everyMs: 1, inFlight: 3, limit: 3 }, { persistent: true })],
  })
  await until('two are to be released', () => relay.packets('pubrel').length === 2)
  relay.answer = Relay.prototype.answer
  const [visit] = relay.visits
  visit!.socket.destroy()
  await until('all are acknowledged', () => fleet.counters().acknowledged === 3)
  const report = await finish()
  const again = relay.visits[1]!.packets.filter(({ cmd }) => cmd === 'publish' || cmd === 'pubrel')
  const idOf = (sequence: number) =>
    sentIn(visit!).find(({ payload }) => sequenceOf(payload) === sequence)!.messageId
  assert.equal(
    again.map((packet) => [packet.cmd, packet.messageId]),
    [
      ['pubrel', idOf(1)],
      ['publish', idOf(2)],
      ['pubrel', idOf(3)],
      ['pubrel', idOf(2)],
    ],
  )
  assert.is(report.publishers[0]!.acknowledged, 3)
  await relay.close()
})

test('without the session what was in flight is abandoned, and never sent again', async () => {
  const relay = await Relay.start({ answer: () => undefined })
  const { fleet, finish } = await startTraffic([relay.target], {
    clients: 1,
    groups: [publisher({ everyMs: 1, inFlight: 3, limit: 5 })],
  })
  await until('three have come', () => relay.packets('publish').length === 3)
  relay.answer = Relay.prototype.answer
  relay.visits[0]!.socket.destroy()
  await until('the rest is acknowledged', () => fleet.counters().acknowledged === 2)
  const report = await finish()
  assert.equal(sequences(sentIn(relay.visits[1]!)), [4, 5])
  const [{ sent, acknowledged, abandoned }] = report.publishers as [(typeof report.publishers)[0]]
  assert.equal({ sent, acknowledged, abandoned }, { sent: 5, acknowledged: 2, abandoned: 3 })
  await relay.close()
})

test('messages that are due while the client is away are skipped: the loop is open', async () => {
  const relay = await Relay.start()
  const { fleet, finish } = await startTraffic([relay.target], {
    clients: 1,
    reconnect: { kind: 'fixed', baseMs: 200 },
    groups: [publisher({ everyMs: 10, limit: 0 })],
  })
  await until('five have arrived', () => fleet.counters().acknowledged >= 5)
  relay.visits[0]!.socket.destroy()
  await until(
    'it is back and publishes',
    () => relay.visits.length === 2 && sentIn(relay.visits[1]!).length > 3,
  )
  const report = await finish()
  const { sent, skipped } = report.publishers[0]!
  // It was away for 200 ms at least, and something was due every 10 ms.
  assert.ok(skipped >= 18, `${skipped} skipped`)
  const came = [...new Set(sequences(relay.packets('publish')))]
  assert.ok(came.at(-1)! <= sent, 'skipped messages take no sequence number')
  assert.equal(came.slice(0, 5), [1, 2, 3, 4, 5])
  await relay.close()
})

test('a refused message is not acknowledged, and nobody is held to it', async () => {
  const relay = await Relay.start({
    answer(visit, packet) {
      if (packet.cmd !== 'publish') return
      const reasonCode = sequenceOf(packet.payload) === 2 ? 0x97 : 0
      visit.send({ cmd: 'puback', messageId: packet.messageId, reasonCode })
    },
  })
  const { fleet, finish } = await startTraffic([relay.target], {
    clients: 1,
    groups: [publisher({ limit: 4 })],
  })
  await until('three are acknowledged', () => fleet.counters().acknowledged === 3)
  const { sent, acknowledged, refused } = (await finish()).publishers[0]!
  assert.equal({ sent, acknowledged, refused }, { sent: 4, acknowledged: 3, refused: 1 })
  await relay.close()
})

test('a topic alias is introduced once a connection, and only where the server takes it', async () => {
  for (const most of [0, 5]) {
    const relay = await Relay.start({
      onConnect: (visit) => visit.accept(false, { topicAliasMaximum: most }),
    })
    const { fleet, finish } = await startTraffic([relay.target], {
      clients: 1,
      groups: [publisher({ topicAlias: 3, limit: 3 })],
    })
    await published(fleet, 3)
    await finish()
    assert.equal(
      relay.packets('publish').map(({ topic, properties }) => [topic, properties?.topicAlias]),
      most === 0
        ? [
            ['t/0', undefined],
            ['t/0', undefined],
            ['t/0', undefined],
          ]
        : [
            ['t/0', 3],
            ['', 3],
            ['', 3],
          ],
    )
    await relay.close()
  }
})

test('what a server does not take is not sent to it, and said to be why', async () => {
  const cases = [
    [{ maximumQoS: 0 }, { of: 'qos', most: 0, has: 1 }],
    [{ retainAvailable: false }, { of: 'retain', most: 0, has: 1 }],
    [{ maximumPacketSize: 30 }, { of: 'packet-size', most: 30, has: 42 }],
  ] as const
  for (const [properties, bound] of cases) {
    const relay = await Relay.start({ onConnect: (visit) => visit.accept(false, properties) })
    const { fleet, finish } = await startTraffic([relay.target], {
      clients: 1,
      groups: [publisher({ retain: true, everyMs: 10, limit: 0 })],
    })
    await until('it may not publish', () => fleet.counters().cannotPublish === 1)
    // Long enough past the beginning that something was due.
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const report = await finish()
    assert.equal(relay.packets('publish'), [], JSON.stringify(properties))
    assert.is(report.publishers[0]!.sent, 0)
    assert.equal(report.publishers[0]!.bound, bound)
    assert.ok(report.publishers[0]!.untaken! > 0)
    assert.is(fleet.counters().cannotPublish, 0, 'who has left is not counted')
    await relay.close()
  }
})

test('payloads: text, lines in turn, and random bytes that a seed repeats', async () => {
  const bodies = async (payload: Parameters<typeof publisher>[0] & object) => {
    const relay = await Relay.start()
    const { fleet, finish } = await startTraffic([relay.target], {
      clients: 1,
      groups: [publisher({ limit: 3, ...payload })],
    })
    await published(fleet, 3)
    const report = await finish()
    assert.equal(report.publishers[0]!.receipts, [])
    const found = relay.packets('publish').map((packet) => packet.payload.toString('latin1'))
    await relay.close()
    return found
  }
  assert.equal(await bodies({ payload: { kind: 'text', text: 'hello' } }), ['hello', 'hello', 'hello'])
  assert.equal(await bodies({ payload: { kind: 'lines', lines: ['a', 'bc'] } }), ['a', 'bc', 'a'])
  const random = await bodies({ payload: { kind: 'random', bytes: 40 } })
  assert.equal(random, await bodies({ payload: { kind: 'random', bytes: 40 } }))
  assert.is(new Set(random).size, 3)
  assert.ok(random.every((body) => body.length === 40))
})

test.run()
