import assert from 'node:assert/strict'
import { payloads, persistent, publish, settled, subscribe } from '../../../testbed/emqx/session/two-nodes.ts'
import type { RawClient } from '../../../testbed/emqx/support/raw-client.ts'
import { admitted, type Cases, isAway, type Node, type Nodes } from '../nodes.ts'

const back = async (node: Node) => (await admitted(node, persistent('p')))[0]

/**
 * A subscriber with one message that it has not acknowledged; then its connection breaks. The publisher is on the subscriber's node: EMQX
 * forwards messages to another without waiting, and loses those that a takeover outruns (docs/fidelity.md).
 */
async function inFlight(nodes: Nodes, qos: 1 | 2): Promise<{ publisher: RawClient; id: number }> {
  const [subscriber] = await admitted(nodes.one, persistent('p'))
  await subscribe(subscriber, { qos })
  const [publisher] = await admitted(nodes.one, { clientId: 'publisher' })
  publish(publisher, 'm1', { qos })
  const [first] = await subscriber.wait('publish')
  assert.equal(first!.dup, false)
  if (qos === 2) {
    subscriber.send({ cmd: 'pubrec', messageId: first!.messageId! })
    await subscriber.wait('pubrel')
  }
  subscriber.close()
  await isAway(nodes, 'p')
  return { publisher, id: first!.messageId! }
}

/** Messages that a session keeps while its client is away, and what comes again on the next connection. */
export const messageCases: Cases = {
  'QoS 1 in flight comes again with DUP and its id, on the same node and on the other': async (nodes) => {
    const { id } = await inFlight(nodes, 1)
    for (const node of [nodes.one, nodes.two]) {
      const again = await back(node)
      const [copy] = await again.wait('publish')
      assert.deepEqual([copy!.dup, copy!.messageId, `${copy!.payload}`], [true, id, 'm1'])
      again.close()
      await isAway(nodes, 'p')
    }
  },

  'QoS 2 that was received is released again on the other node, and does not come again': async (nodes) => {
    const { id } = await inFlight(nodes, 2)
    const again = await back(nodes.two)
    const [released] = await again.wait('pubrel')
    assert.equal(released!.messageId, id)
    again.send({ cmd: 'pubcomp', messageId: id })
    await settled(again)
    assert.deepEqual(payloads(again), [])
  },

  'messages for a client that is away are delivered in order on the other node, after those in flight':
    async (nodes) => {
      const { publisher } = await inFlight(nodes, 1)
      for (const [index, qos] of ([1, 2, 0, 1] as const).entries())
        publish(publisher, `m${index + 2}`, { qos, id: index + 2 })
      await settled(publisher)
      const again = await back(nodes.two)
      await again.wait('publish', 5)
      // The QoS of the subscription is 1, which is the most that is delivered.
      const shown = again
        .of('publish')
        .map(({ payload, qos, dup }) => `${payload} ${qos}${dup ? ' dup' : ''}`)
      assert.deepEqual(shown, ['m1 1 dup', 'm2 1', 'm3 1', 'm4 0', 'm5 1'])
    },

  'a QoS 2 id that waits for its PUBREL is known on the other node': async (nodes) => {
    const [subscriber] = await admitted(nodes.one, { clientId: 'subscriber' })
    await subscribe(subscriber, { qos: 0 })
    const [publisher] = await admitted(nodes.one, persistent('p'))
    publish(publisher, 'once', { qos: 2, id: 7 })
    await publisher.wait('pubrec')
    publisher.close()
    await isAway(nodes, 'p')
    const again = await back(nodes.two)
    publish(again, 'once', { qos: 2, id: 7, dup: true })
    const [received] = await again.wait('pubrec')
    assert.equal(received!.reasonCode, 0x91)
    again.send({ cmd: 'pubrel', messageId: 7 })
    await again.wait('pubcomp')
    await subscriber.wait('publish')
    await settled(subscriber)
    assert.deepEqual(payloads(subscriber), ['once'])
  },

  'QoS 0 does not wait behind a queue, not even behind QoS 0 in it': async (nodes) => {
    const { publisher } = await inFlight(nodes, 1)
    publish(publisher, 'm2', { qos: 1, id: 2 })
    publish(publisher, 'm3')
    await settled(publisher)
    const [again] = await admitted(nodes.two, persistent('p', { receiveMaximum: 1 }))
    await again.wait('publish')
    publish(publisher, 'm4')
    const [first] = await again.wait('publish', 2)
    assert.deepEqual(payloads(again), ['m1', 'm4'])
    again.send({ cmd: 'puback', messageId: first!.messageId! })
    await again.wait('publish', 4)
    assert.deepEqual(payloads(again), ['m1', 'm4', 'm2', 'm3'])
  },

  'an acknowledgement of nothing: MQTT 5 is told 0x92': async ({ one }) => {
    const [client] = await admitted(one, { clientId: 'c' })
    client.send({ cmd: 'pubrel', messageId: 9 })
    const [completed] = await client.wait('pubcomp')
    assert.equal(completed!.reasonCode, 0x92)
    client.send({ cmd: 'pubrec', messageId: 9 })
    const [released] = await client.wait('pubrel')
    assert.equal(released!.reasonCode, 0x92)
  },

  'a retained message is given to who subscribes on the other node, until an empty one replaces it': async (
    nodes,
  ) => {
    const [publisher] = await admitted(nodes.one, { clientId: 'publisher' })
    publish(publisher, 'kept', { topic: 'r', qos: 1, retain: true })
    await publisher.wait('puback')
    const [subscriber] = await admitted(nodes.two, { clientId: 'subscriber' })
    await subscribe(subscriber, { topic: 'r', qos: 1 })
    const [kept] = await subscriber.wait('publish')
    assert.deepEqual([`${kept!.payload}`, kept!.retain, kept!.dup], ['kept', true, false])
    publish(publisher, 'live', { topic: 'r', qos: 1, retain: true, id: 2 })
    const [, live] = await subscriber.wait('publish', 2)
    assert.deepEqual([`${live!.payload}`, live!.retain], ['live', false])
    publish(publisher, '', { topic: 'r', qos: 1, retain: true, id: 3 })
    await publisher.wait('puback', 3)
    await subscriber.wait('publish', 3)
    const [late] = await admitted(nodes.two, { clientId: 'late' })
    await subscribe(late, { topic: 'r', qos: 1 })
    await settled(late)
    assert.deepEqual(payloads(late), [])
  },

  'retained messages do not come again with the session': async (nodes) => {
    const [publisher] = await admitted(nodes.one, { clientId: 'publisher' })
    publish(publisher, 'kept', { topic: 'r2', qos: 1, retain: true })
    await publisher.wait('puback')
    const [first] = await admitted(nodes.one, persistent('p'))
    await subscribe(first, { topic: 'r2', qos: 0 })
    await first.wait('publish')
    first.close()
    await isAway(nodes, 'p')
    const again = await back(nodes.two)
    await settled(again)
    assert.deepEqual(payloads(again), [])
    publish(publisher, '', { topic: 'r2', qos: 1, retain: true, id: 2 })
    await publisher.wait('puback', 2)
  },

  'a client that takes the session over in mid-stream loses nothing and gets nothing twice': async (
    nodes,
  ) => {
    const [first] = await admitted(nodes.one, persistent('p'))
    await subscribe(first, { qos: 1 })
    const [publisher] = await admitted(nodes.one, { clientId: 'publisher' })
    for (let index = 1; index <= 20; index++) publish(publisher, `${index}`, { qos: 1, id: index })
    const second = await back(nodes.two)
    for (let index = 21; index <= 25; index++) publish(publisher, `${index}`, { qos: 1, id: index })
    await second.wait('publish', 25)
    await settled(second)
    const numbers = payloads(second).map(Number)
    assert.deepEqual(
      numbers,
      Array.from({ length: 25 }, (_, index) => index + 1),
    )
  },
}
