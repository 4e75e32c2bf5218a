import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HEADER_BYTES } from '#weir/bench/ledger/header.ts'
import type { LedgerReport, Receipt } from '#weir/facts/index.ts'
import type { Visit } from '../support/fake-broker.ts'
import { type Forward, Relay } from '../support/relay.ts'
import { published, publisher, sequenceOf, startTraffic, subscriber } from '../support/traffic-fleet.ts'
import { until } from '../support/until.ts'

/** The receipts of a fleet of one publisher and one subscriber. */
function only(report: LedgerReport): Receipt {
  const [finding, ...more] = report.publishers.flatMap(({ receipts }) => receipts)
  assert.equal(more, [])
  return finding!
}

const told = ({ received, lost, missed, duplicated, redelivered, reordered, lostSequences }: Receipt) => ({
  received,
  lost,
  missed,
  duplicated,
  redelivered,
  reordered,
  lostSequences,
})

const NOTHING = { lost: 0, missed: 0, duplicated: 0, redelivered: 0, reordered: 0, lostSequences: [] }

/** Runs 20 messages of one publisher through a relay that forwards them as told. */
async function run(
  qos: 0 | 1 | 2,
  forward: (one: Forward, sequence: number, send: (one: Forward, changes?: object) => void) => void,
): Promise<Receipt> {
  const relay = await Relay.start({
    forward: (one, send) => forward(one, sequenceOf(one.payload), send),
  })
  const { fleet, finish } = await startTraffic([relay.target], {
    groups: [publisher({ qos }), subscriber('t/#')],
  })
  await published(fleet, 20)
  const report = await finish()
  await relay.close()
  return only(report)
}

for (const qos of [0, 1, 2] as const) {
  test(`QoS ${qos}: an honest broker loses, repeats and reorders nothing`, async () => {
    const receipt = await run(qos, (one, _, send) => send(one))
    assert.equal(told(receipt), { received: 20, ...NOTHING })
    assert.is(receipt.qos, qos)
  })

  test(`QoS ${qos}: what never came is lost, by number`, async () => {
    const receipt = await run(qos, (one, sequence, send) => {
      if (sequence !== 5 && sequence < 19) send(one)
    })
    assert.equal(told(receipt), { ...NOTHING, received: 17, lost: 3, lostSequences: [5, 19, 20] })
  })

  test(`QoS ${qos}: a copy is a duplicate, and one with DUP set is explained for QoS 1 only`, async () => {
    const receipt = await run(qos, (one, sequence, send) => {
      send(one)
      if (sequence === 3) send(one)
      if (sequence === 7 && qos > 0) send(one, { dup: true })
    })
    assert.equal(told(receipt), {
      ...NOTHING,
      received: 20,
      duplicated: qos === 0 ? 1 : 2,
      redelivered: qos === 1 ? 1 : 0,
    })
    assert.is(receipt.duplicateT!.length, qos === 2 ? 2 : 1)
  })
}

test('QoS 2: sent again before its PUBREL, a message reaches the application once', async () => {
  const receipt = await run(2, (one, sequence, send) => {
    send(one, { messageId: sequence })
    if (sequence === 4) send(one, { messageId: sequence, dup: true })
  })
  assert.equal(told(receipt), { received: 20, ...NOTHING })
})

test('a message that comes behind a later one is reordered', async () => {
  let kept: Forward | undefined
  const receipt = await run(1, (one, sequence, send) => {
    if (sequence === 6) {
      kept = one
      return
    }
    send(one)
    if (sequence === 9) send(kept!)
  })
  assert.equal(told(receipt), { ...NOTHING, received: 20, reordered: 1 })
  assert.is(receipt.reorderedT!.length, 1)
})

/** Cuts the subscriber off after message 5 and lets it back in after message 10; a session that is kept has queued what passed, but for 8. */
async function cutOff(sessionPresent: boolean): Promise<Receipt> {
  const queue: Forward[] = []
  let back: Visit | undefined
  let send: ((one: Forward) => void) | undefined
  const relay = await Relay.start({
    onConnect(visit) {
      if (visit.connect.clientId !== 'c1' || this.visitsOf('c1').length === 1) visit.accept(false)
    },
    forward(one, sendTo) {
      send = sendTo
      const sequence = sequenceOf(one.payload)
      const away = sequence > 5 && !back
      if (away) queue.push(one)
      else sendTo(sessionPresent && back ? { ...one, subscriber: back } : one)
      if (sequence === 5) one.subscriber.socket.end()
    },
  } as Partial<Relay> & ThisType<Relay>)
  const { fleet, finish } = await startTraffic([relay.target], {
    groups: [publisher({ everyMs: 50 }), subscriber('t/#', 2, { persistent: true })],
  })
  await until('five have passed', () => queue.length >= 5)
  await until('it is back', () => relay.visitsOf('c1').length === 2)
  back = relay.visitsOf('c1')[1]!
  back.accept(sessionPresent)
  if (sessionPresent)
    for (const one of queue) if (sequenceOf(one.payload) !== 8) send!({ ...one, subscriber: back })
  await published(fleet, 20)
  const report = await finish()
  await relay.close()
  return only(report)
}

test('a subscriber without its session is owed nothing of what passed meanwhile', async () => {
  const { received, lost, missed } = await cutOff(false)
  assert.is(lost, 0)
  assert.is(received + missed, 20)
  assert.ok(missed >= 5, `${missed} missed`)
})

test('a subscriber whose session was kept is owed every message', async () => {
  assert.equal(told(await cutOff(true)), { ...NOTHING, received: 19, lost: 1, lostSequences: [8] })
})

test('what the publisher never got an acknowledgement for is missed, not lost', async () => {
  const relay = await Relay.start({
    answer(visit, packet) {
      if (packet.cmd !== 'publish') return
      const reasonCode = sequenceOf(packet.payload) === 4 ? 0x97 : 0
      visit.send({ cmd: 'puback', messageId: packet.messageId, reasonCode })
    },
    forward(one, send) {
      if (sequenceOf(one.payload) !== 4) send(one)
    },
  })
  const { fleet, finish } = await startTraffic([relay.target], { groups: [publisher(), subscriber()] })
  await published(fleet, 20)
  assert.equal(told(only(await finish())), { ...NOTHING, received: 19, missed: 1 })
  await relay.close()
})

test('duplicates of what the publisher sent again are explained', async () => {
  let cut = false
  const relay = await Relay.start({
    answer(visit, packet) {
      if (packet.cmd !== 'publish') return
      if (!cut && sequenceOf(packet.payload) === 3) {
        cut = true
        visit.socket.destroy()
      } else visit.send({ cmd: 'puback', messageId: packet.messageId })
      // A server that takes a resent message for a new one: QoS 1 allows it.
      if (packet.dup) this.say(packet.topic, packet.payload as Buffer, { qos: 1, messageId: 999 })
    },
  } as Partial<Relay> & ThisType<Relay>)
  const { fleet, finish } = await startTraffic([relay.target], {
    groups: [publisher({ everyMs: 30, inFlight: 1 }, { persistent: true }), subscriber()],
  })
  await published(fleet, 20)
  const receipt = only(await finish())
  assert.equal(told(receipt), { ...NOTHING, received: 20, duplicated: 1, redelivered: 1, reordered: 0 })
  await relay.close()
})

test('messages without a header, of other fleets and retained ones are told apart', async () => {
  const relay = await Relay.start()
  const { fleet, finish } = await startTraffic([relay.target], { groups: [publisher(), subscriber()] })
  await published(fleet, 20)
  const payload = Buffer.from(relay.packets('publish')[0]!.payload)
  relay.say('t/9', Buffer.from('hello, all of you out there'))
  const other = Buffer.from(payload)
  other[1] = other[1]! ^ 0xff
  relay.say('t/9', other)
  relay.say('t/0', payload, { retain: true })
  await until('they have come', () => fleet.counters().received === 23)
  const report = await finish()
  assert.is(report.foreign, 2)
  assert.equal(told(only(report)), { received: 20, ...NOTHING })
  assert.is(only(report).retained, 1)
  await relay.close()
})

test('a message to a subscriber who did not ask for it is told as such', async () => {
  const relay = await Relay.start({
    forward(one, send) {
      send(one)
      if (sequenceOf(one.payload) === 1) relay.say('u/1', one.payload)
    },
  })
  const { fleet, finish } = await startTraffic([relay.target], {
    clients: 3,
    groups: [publisher({ topic: 't/x', limit: 3 }), subscriber('t/x'), subscriber('u/1')],
  })
  await published(fleet, 3)
  await until('all have come', () => fleet.counters().received === 4)
  const { receipts } = (await finish()).publishers[0]!
  assert.equal(
    receipts.map(({ subscriber: index, received, lost, unexpected }) => ({
      index,
      received,
      lost,
      unexpected,
    })),
    [
      { index: 1, received: 3, lost: 0, unexpected: undefined },
      { index: 2, received: 1, lost: 0, unexpected: true },
    ],
  )
  await relay.close()
})

test('a will carries whose it is and of which attempt', async () => {
  const relay = await Relay.start()
  const { fleet, finish } = await startTraffic([relay.target], {
    groups: [
      { name: 'dying', share: 1, protocol: '5', persistent: false, will: { topic: 'w/%i', qos: 0 } },
      subscriber('w/#'),
    ],
  })
  await until('the watcher is there', () => fleet.counters().subscribed === 1)
  for (let attempt = 1; attempt <= 2; attempt++) {
    await until(`attempt ${attempt}`, () => relay.visitsOf('c0').length === attempt)
    await until('all are online', () => fleet.counters().connected === attempt + 1)
    const visit = relay.visitsOf('c0')[attempt - 1]!
    const { topic, payload } = visit.connect.will!
    assert.is(payload.length, HEADER_BYTES)
    assert.is(topic, 'w/0')
    visit.socket.destroy()
    relay.say(topic, Buffer.from(payload))
  }
  await until('both have come', () => fleet.counters().received === 2)
  const report = await finish()
  assert.equal(
    report.wills.map(({ publisher: index, attempt, subscriber: by }) => ({ index, attempt, by })),
    [
      { index: 0, attempt: 1, by: 1 },
      { index: 0, attempt: 2, by: 1 },
    ],
  )
  assert.ok(report.wills.every(({ t }) => t > 0))
  await relay.close()
})

test('a fleet that only connects has no ledger', async () => {
  const relay = await Relay.start()
  const { fleet } = await startTraffic([relay.target], {})
  await until('all are online', () => fleet.counters().online === 2)
  await fleet.endTraffic(1000)
  await fleet.stop()
  assert.is(fleet.ledger(), undefined)
  await relay.close()
})

test.run()
