import assert from 'node:assert/strict'
import { payloads, publish, settled } from '../../../testbed/emqx/session/two-nodes.ts'
import { admitted, type Cases, closed, reasons } from '../nodes.ts'

/** What, its bytes, and the reason that MQTT 5 receives. */
const BROKEN: [what: string, hex: string, reason: number][] = [
  ['a packet larger than the server takes', '30ffffff7f', 0x95],
  ['a topic alias of 0', '30080001740323000078', 0x94],
  ['a topic alias that was not set', '300700000323000978', 0x82],
  ['a packet of type 0', '0000', 0x81],
  ['an AUTH that nothing asked for', 'f000', 0x81],
  ['a SUBSCRIBE without a filter', '8203000100', 0x8f],
  ['no-local on a shared subscription', '8210000100000a2473686172652f672f7404', 0x82],
]

/** What the server answers to packets of clients that are connected. */
export const packetCases: Cases = {
  'SUBSCRIBE is granted with the QoS that was asked for': async ({ one }) => {
    const [client] = await admitted(one, { clientId: 'c' })
    const subscriptions = ([0, 1, 2] as const).map((qos) => ({ topic: `t/${qos}`, qos }))
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions })
    const [suback] = await client.wait('suback')
    assert.deepEqual(suback!.granted, [0, 1, 2])
  },

  'one filter that is none ends the connection, for MQTT 3.1.1 without a word': async (nodes) => {
    for (const topic of ['a/#/b', '$share/g']) {
      const subscriptions = [
        { topic: 'fine', qos: 0 as const },
        { topic, qos: 0 as const },
      ]
      const [five] = await admitted(nodes.one, { clientId: 'five' })
      const [four] = await admitted(nodes.one, { clientId: 'four', version: 4 })
      for (const client of [five, four]) client.send({ cmd: 'subscribe', messageId: 1, subscriptions })
      await closed(nodes, five, four)
      assert.deepEqual([reasons(five), five.of('suback').length], [[0x8f], 0])
      assert.equal(four.hex, '20020000')
    }
  },

  'packets that break the protocol end the connection, each with its reason': async (nodes) => {
    for (const [what, hex, reason] of BROKEN) {
      const [client] = await admitted(nodes.one, { clientId: 'c' })
      client.socket.write(Buffer.from(hex, 'hex'))
      await closed(nodes, client)
      assert.deepEqual(reasons(client), [reason], what)
    }
  },

  'a PUBACK of nothing changes nothing': async ({ one }) => {
    const [client] = await admitted(one, { clientId: 'c' })
    client.send({ cmd: 'puback', messageId: 9 })
    await settled(client)
    assert.deepEqual(reasons(client), [])
  },

  'no more messages are in flight than the client receives at once': async ({ one }) => {
    const [client] = await admitted(one, { clientId: 'c', properties: { receiveMaximum: 2 } })
    await client.subscribe('t', 1)
    const [publisher] = await admitted(one, { clientId: 'publisher' })
    for (const id of [1, 2, 3]) publish(publisher, `${id}`, { qos: 1, id })
    await publisher.wait('puback', 3)
    await settled(client)
    assert.deepEqual(payloads(client), ['1', '2'])
    client.send({ cmd: 'puback', messageId: client.of('publish')[0]!.messageId! })
    await client.wait('publish', 3)
  },

  'a hundred QoS 2 ids may wait for their PUBREL, and one more is too many': async (nodes) => {
    const [client] = await admitted(nodes.one, { clientId: 'c' })
    for (let id = 1; id <= 101; id++) publish(client, 'x', { topic: 'nobody', qos: 2, id })
    await closed(nodes, client)
    assert.deepEqual([client.of('pubrec').length, reasons(client)], [100, [0x93]])
  },

  'UNSUBSCRIBE: done, and a subscription that was not there': async ({ one }) => {
    const [client] = await admitted(one, { clientId: 'c' })
    await client.subscribe('a')
    client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['a', 'b'] })
    const [unsuback] = await client.wait('unsuback')
    assert.deepEqual(unsuback!.granted, [0, 0x11])
  },

  'PUBLISH that reaches nobody is acknowledged with 0x10': async ({ one }) => {
    const [client] = await admitted(one, { clientId: 'c' })
    publish(client, 'x', { topic: 'nobody', qos: 1, id: 1 })
    const [puback] = await client.wait('puback')
    assert.equal(puback!.reasonCode, 0x10)
    publish(client, 'x', { topic: 'nobody', qos: 2, id: 2 })
    const [pubrec] = await client.wait('pubrec')
    assert.equal(pubrec!.reasonCode, 0x10)
  },

  'PUBLISH to a filter is not a topic': async (nodes) => {
    const [client] = await admitted(nodes.one, { clientId: 'c' })
    publish(client, 'x', { topic: 'a/#' })
    await closed(nodes, client)
    assert.deepEqual(reasons(client), [0x90])
  },
}
