/** `bench pub --verify` and `bench sub --verify`, two processes, over a broker that is honest or is not. */
import type { IPublishPacket } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Visit } from '../support/fake-broker.ts'
import { until } from '../support/until.ts'
import { benchProcess, killLeft } from './bench-process.ts'
import { closeLeft, listen } from './brokers-of-test.ts'

test.after.each(closeLeft)
test.after.each(killLeft)

/** Messages of each publisher: more than the ledger's window, so that what is lost is known to be. */
const EACH = 100
const PUBLISHERS = 3

/** Passes every PUBLISH on to all subscribers as `tamper` says: which copies, in which order. */
async function routing(tamper: (packet: IPublishPacket, nth: number) => IPublishPacket[]) {
  const subscribers: Visit[] = []
  const seen = new Map<Visit, number>()
  let nextId = 1
  let taken = 0
  let passed = 0
  const broker = await listen()
  const usual = broker.onPacket.bind(broker)
  broker.onPacket = (visit, packet) => {
    if (packet.cmd === 'subscribe') subscribers.push(visit)
    usual(visit, packet)
    if (packet.cmd !== 'publish') return
    taken++
    const { qos } = packet
    if (qos === 1) visit.send({ cmd: 'puback', messageId: packet.messageId, reasonCode: 0 })
    const nth = (seen.get(visit) ?? 0) + 1
    seen.set(visit, nth)
    for (const { topic, payload, dup } of tamper(packet, nth))
      for (const subscriber of subscribers) {
        subscriber.send({ cmd: 'publish', topic, payload, qos, dup, retain: false, messageId: nextId++ })
        passed++
      }
  }
  return { broker, subscribers, taken: () => taken, passed: () => passed }
}

async function run(tamper: (packet: IPublishPacket, nth: number) => IPublishPacket[], qos = 1) {
  const { broker, subscribers, taken, passed } = await routing(tamper)
  const target = ['-h', '127.0.0.1', '-p', String(broker.port), '-i', '1', '--verify']
  const sub = benchProcess(['sub', '-t', 'v/+', '-q', '1', '-c', '1', '--json', ...target])
  await until('the subscriber is there', () => subscribers.length === 1)
  const limit = String(EACH * PUBLISHERS)
  const pub = benchProcess([
    ...['pub', '-t', 'v/%i', '-q', String(qos), '-c', '3', '-im', '2', '-L', limit],
    ...target,
  ])
  assert.is(await pub.code, 0, pub.said.stderr)
  // What came is counted, once the subscriber's next line says that all of it is there.
  const progress = () =>
    JSON.parse(sub.said.stdout.trim().split('\n').at(-1) || '{}') as Record<string, number>
  await until(
    'the subscriber has all that was passed on',
    () => taken() === EACH * PUBLISHERS && progress().received === passed(),
  )
  sub.interrupt()
  const code = await sub.code
  await broker.close()
  const summary = JSON.parse(sub.said.stdout.trim().split('\n').at(-1)!)
  return { code, messages: summary.messages, received: summary.received }
}

test('honest: everything came, once and in order', async () => {
  const { code, messages, received } = await run((packet) => [packet])
  assert.is(code, 0)
  assert.is(received, EACH * PUBLISHERS)
  assert.equal(
    [messages.received, messages.lost, messages.duplicated, messages.reordered],
    [EACH * PUBLISHERS, 0, 0, 0],
  )
})

test('one message of each publisher is not passed on', async () => {
  const { code, messages } = await run((packet, nth) => (nth === 20 ? [] : [packet]))
  assert.is(code, 1)
  assert.equal([messages.lost, messages.duplicated, messages.reordered], [PUBLISHERS, 0, 0])
})

test('one message of each publisher comes twice at QoS 0, which nothing allows', async () => {
  const { code, messages } = await run((packet, nth) => (nth === 20 ? [packet, packet] : [packet]), 0)
  assert.is(code, 1)
  assert.equal([messages.lost, messages.duplicated, messages.redelivered], [0, PUBLISHERS, 0])
})

test('at QoS 1 a copy without a DUP flag may be one that the other process sent again', async () => {
  const { code, messages } = await run((packet, nth) => (nth === 20 ? [packet, packet] : [packet]))
  assert.is(code, 0)
  assert.equal([messages.lost, messages.duplicated, messages.redelivered], [0, PUBLISHERS, PUBLISHERS])
})

test('a redelivery with its DUP flag is allowed', async () => {
  const { code, messages } = await run((packet, nth) =>
    nth === 20 ? [packet, { ...packet, dup: true }] : [packet],
  )
  assert.is(code, 0)
  assert.equal([messages.lost, messages.duplicated, messages.redelivered], [0, PUBLISHERS, PUBLISHERS])
})

test('one message of each publisher is overtaken by the next', async () => {
  const kept = new Map<string, IPublishPacket>()
  const { code, messages } = await run((packet, nth) => {
    if (nth === 20) {
      kept.set(packet.topic, packet)
      return []
    }
    return nth === 21 ? [packet, kept.get(packet.topic)!] : [packet]
  })
  assert.is(code, 1)
  assert.equal([messages.lost, messages.duplicated, messages.reordered], [0, 0, PUBLISHERS])
})

test.run()
