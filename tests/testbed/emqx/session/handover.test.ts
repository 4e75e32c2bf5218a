import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EmqxNode } from '#weir/testbed/emqx/index.ts'
import { park } from '#weir/testbed/emqx/session/open.ts'
import { testbed } from '../support/nodes.ts'
import { join, type RawClient } from '../support/raw-client.ts'
import { until } from '../support/until.ts'

type Qos = 0 | 1 | 2

interface Copy {
  payload: string
  qos: number
  id: number
  dup: boolean
}

/** What happens to the subscriber; messages are published in between. */
type Step =
  | { kind: 'publish'; qos: Qos; count: number }
  | { kind: 'acknowledge'; count: number }
  | { kind: 'receive'; count: number }
  | { kind: 'move'; to: number; first: 'breaks' | 'is evicted' | 'is still there' }
  | { kind: 'park'; to: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('publish' as const),
    qos: fc.constantFrom<Qos>(0, 1, 2),
    count: fc.integer({ min: 1, max: 12 }),
  }),
  fc.record({ kind: fc.constant('acknowledge' as const), count: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant('receive' as const), count: fc.integer({ min: 1, max: 12 }) }),
  fc.record({
    kind: fc.constant('move' as const),
    to: fc.nat(2),
    first: fc.constantFrom('breaks' as const, 'is evicted' as const, 'is still there' as const),
  }),
  fc.record({ kind: fc.constant('park' as const), to: fc.nat(2) }),
)

/** A subscriber on one of three nodes that does what it is told, and remembers what it got on each connection. */
class Subscriber {
  readonly #nodes: EmqxNode[]
  readonly #id: string
  #client!: RawClient
  #at = 0
  #seen = 0
  #released = 0
  /** Copies in the order of their arrival, over all connections. */
  readonly copies: Copy[] = []
  /** Packet ids that are not acknowledged. */
  readonly #owed: Copy[] = []
  /** QoS 2 ids that were received and wait for their PUBREL. */
  readonly #unreleased = new Set<number>()
  /** Of each QoS 2 exchange the first copy alone (MQTT 5 §4.3.3). */
  readonly messages: Copy[] = []

  constructor(nodes: EmqxNode[], id: string) {
    this.#nodes = nodes
    this.#id = id
  }

  get node(): EmqxNode {
    return this.#nodes[this.#at]!
  }

  async connect(at: number, clean = false): Promise<void> {
    this.#at = at
    this.#seen = 0
    this.#released = 0
    this.#owed.length = 0
    this.#client = await join(this.node.ip, {
      clientId: this.#id,
      clean,
      properties: { sessionExpiryInterval: 7200, receiveMaximum: 8 },
    })
    if (clean) await this.#client.subscribe('t', 2)
    else assert.is(this.#client.of('connack')[0]!.sessionPresent, true)
  }

  async settle(): Promise<void> {
    this.#client.send({ cmd: 'pingreq' })
    await this.#client.wait('pingresp', this.#client.of('pingresp').length + 1)
    this.#look()
  }

  #look(): void {
    for (const { payload, qos, messageId = 0, dup } of this.#client.of('publish').slice(this.#seen)) {
      this.#seen++
      const copy = { payload: `${payload}`, qos, id: messageId, dup }
      this.copies.push(copy)
      if (qos > 0) this.#owed.push(copy)
      if (qos === 2 && this.#unreleased.has(messageId)) continue
      if (qos === 2) this.#unreleased.add(messageId)
      this.messages.push(copy)
    }
    for (const { messageId } of this.#client.of('pubrel').slice(this.#released)) {
      this.#released++
      this.#unreleased.delete(messageId!)
      this.#client.send({ cmd: 'pubcomp', messageId: messageId! })
    }
    assert.ok(this.#owed.length <= 8, `more than the Receive Maximum is on the way: ${this.#owed.length}`)
  }

  /** PUBACK or PUBREC for the oldest that are owed one. */
  acknowledge(count: number): number {
    const owed = this.#owed.splice(0, count)
    for (const { qos, id } of owed) {
      this.#client.send({ cmd: qos === 2 ? 'pubrec' : 'puback', messageId: id })
    }
    return owed.length
  }

  async leave(how: 'breaks' | 'is evicted' | 'is still there'): Promise<void> {
    await this.settle()
    const { node } = this
    if (how === 'is still there') return
    if (how === 'breaks') this.#client.close()
    else {
      const { connection } = node.core.live.get(this.#id)!
      connection!.sendDisconnect(0x9c)
      connection!.lose('use_another_server')
    }
    await until(() => node.core.live.get(this.#id) === undefined)
  }
}

test('whatever way a session goes, nothing is lost, comes twice or overtakes', async () => {
  const { cluster, start } = testbed()
  const nodes = [await start('emqx-ee-blue-0'), await start('emqx-ee-blue-1'), await start('emqx-ee-green-0')]
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const subscriber = new Subscriber(nodes, `s${++run}`)
      await subscriber.connect(0, true)
      const sender = await join(nodes[run % 3]!.ip, { clientId: `p${run}` })
      const sent: Record<Qos, string[]> = { 0: [], 1: [], 2: [] }
      const publish = async (qos: Qos, count: number) => {
        for (let index = 0; index < count; index++) {
          const payload = `${qos}/${sent[qos].push('') - 1}`
          sent[qos][sent[qos].length - 1] = payload
          const messageId = sent[1].length + sent[2].length
          sender.send({
            cmd: 'publish',
            topic: 't',
            payload,
            qos,
            dup: false,
            retain: false,
            ...(qos > 0 && { messageId }),
          })
          // One at a time: awaiting releases are limited.
          if (qos === 2) sender.send({ cmd: 'pubrel', messageId })
        }
        sender.send({ cmd: 'pingreq' })
        await sender.wait('pingresp', sender.of('pingresp').length + 1)
      }
      for (const one of steps) {
        if (one.kind === 'publish') await publish(one.qos, one.count)
        else if (one.kind === 'receive') await subscriber.settle()
        else if (one.kind === 'acknowledge') {
          await subscriber.settle()
          subscriber.acknowledge(one.count)
        } else {
          const how = one.kind === 'park' ? 'breaks' : one.first
          await subscriber.leave(how)
          if (how !== 'is still there') await publish(1, 2)
          if (one.kind === 'park') {
            const recipient = nodes.find((node) => node !== subscriber.node)!
            park(subscriber.node.core.channels.get(`s${run}`)!, recipient.core)
            await publish(2, 2)
          }
          await subscriber.connect(one.to)
        }
      }
      const all = sent[0].length + sent[1].length + sent[2].length
      await until(async () => {
        await subscriber.settle()
        return (
          subscriber.acknowledge(8) === 0 &&
          new Set(subscriber.messages.map(({ payload }) => payload)).size === all
        )
      })
      const payloads = (qos: Qos) =>
        subscriber.messages.filter((copy) => copy.qos === qos).map(({ payload }) => payload)
      assert.equal(payloads(0), sent[0])
      assert.equal(payloads(2), sent[2])
      assert.equal([...new Set(payloads(1))], sent[1])
      const firsts = new Map<string, Copy>()
      for (const copy of subscriber.messages.filter(({ qos }) => qos === 1)) {
        const first = firsts.get(copy.payload)
        if (first === undefined) firsts.set(copy.payload, copy)
        else assert.ok(copy.dup && copy.id === first.id, `${copy.payload} again, but not as the same`)
      }
      sender.close()
    }),
    { numRuns: 40 },
  )
  cluster.close()
})

test.run()
