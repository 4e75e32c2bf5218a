import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { dial, join, RawClient } from '../../../testbed/emqx/support/raw-client.ts'
import { until as eventually } from '../../../testbed/emqx/support/until.ts'
import { admitted, type Cases, closed, type Node, reasons } from '../nodes.ts'

/** The bytes of a CONNECT that the MQTT library would not write: one without properties, keep-alive, will and credentials. */
function connectOf({
  name = 'MQTT',
  level,
  clean,
  clientId,
}: {
  name?: string
  level: number
  clean: boolean
  clientId: string
}) {
  const text = (value: string) => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)])
  const flags = [level, clean ? 2 : 0, 0, 0, ...(level === 5 ? [0] : [])]
  const body = Buffer.concat([text(name), Buffer.from(flags), text(clientId)])
  return Buffer.concat([Buffer.from([0x10, body.length]), body]).toString('hex')
}

/** The server answers the bytes of a new connection with these, and closes it or not. */
async function answers(
  { ip }: Node,
  version: 4 | 5,
  hex: string,
  wanted: string,
  closes = false,
): Promise<void> {
  const client = new RawClient(connect({ host: ip, port: 1883 }), version)
  client.socket.write(Buffer.from(hex, 'hex'))
  await eventually(() => client.hex.length >= wanted.length && client.ended === closes)
  assert.equal(client.hex, wanted)
  client.close()
}

/** From CONNECT to DISCONNECT, in MQTT 3.1.1 and 5. */
export const connectCases: Cases = {
  'MQTT 3.1.1 is admitted with four bytes': async ({ one }) => {
    const client = await join(one.ip, { clientId: 'c', version: 4 })
    assert.equal(client.hex, '20020000')
  },

  'MQTT 3.1 is admitted under its own name': ({ one }) =>
    answers(one, 4, connectOf({ name: 'MQIsdp', level: 3, clean: true, clientId: 'c' }), '20020000'),

  'MQTT 5 is admitted with the limits of the server': async ({ one }) => {
    const [client] = await admitted(one, { clientId: 'c' })
    assert.equal(client.hex, '2016000013270010000021002025012a01290122ffff2801')
  },

  'with clean start a client without an id is given one': async ({ one }) => {
    const [five] = await admitted(one, { clientId: '' })
    const { assignedClientIdentifier } = five.of('connack')[0]!.properties!
    assert.match(String(assignedClientIdentifier), /^[A-Za-z0-9]{16}$/)
    await answers(one, 4, connectOf({ level: 4, clean: true, clientId: '' }), '20020000')
  },

  'without clean start a client needs an id': async ({ one }) => {
    await answers(one, 5, connectOf({ level: 5, clean: false, clientId: '' }), '2003008500', true)
    await answers(one, 4, connectOf({ level: 4, clean: false, clientId: '' }), '20020002', true)
  },

  'a protocol that the server does not speak': async ({ one }) => {
    await answers(one, 4, connectOf({ level: 6, clean: true, clientId: 'c' }), '20020001', true)
    await answers(one, 4, connectOf({ name: 'MQTX', level: 4, clean: true, clientId: 'c' }), '', true)
  },

  'something else comes before CONNECT: closed without a word': async ({ one }) => {
    for (const hex of ['c000', '3003000161']) await answers(one, 4, hex, '', true)
  },

  'a connection without a CONNECT is closed after 15 s': async (nodes) => {
    const client = new RawClient(connect({ host: nodes.one.ip, port: 1883 }), 5)
    await eventually(() => client.socket.readyState === 'open')
    const openMs = nodes.now()
    await closed(nodes, client)
    assert.ok(nodes.now() - openMs >= 14_000, `after ${nodes.now() - openMs} ms`)
    assert.equal(client.hex, '')
  },

  'the topic of a will is none': async (nodes) => {
    const will = { topic: 'a/#', payload: Buffer.from('x'), qos: 0 as const, retain: false }
    const client = dial(nodes.one.ip, { clientId: 'c', will })
    await closed(nodes, client)
    assert.equal(client.hex, '2003009000')
  },

  'a keep-alive that passes without a packet ends the connection': async (nodes) => {
    const [five] = await admitted(nodes.one, { clientId: 'five', keepalive: 1 })
    const [four] = await admitted(nodes.one, { clientId: 'four', keepalive: 1, version: 4 })
    await closed(nodes, five, four)
    assert.deepEqual(reasons(five), [0x8d])
    assert.deepEqual(reasons(four), [])
  },

  'a second CONNECT is a protocol error': async (nodes) => {
    const [client] = await admitted(nodes.one, { clientId: 'c' })
    client.send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 5,
      clean: true,
      clientId: 'c',
      keepalive: 0,
    })
    await closed(nodes, client)
    assert.deepEqual(reasons(client), [0x82])
  },

  'DISCONNECT ends the connection with FIN': async (nodes) => {
    const [five] = await admitted(nodes.one, { clientId: 'five' })
    const [four] = await admitted(nodes.one, { clientId: 'four', version: 4 })
    for (const client of [five, four]) client.send({ cmd: 'disconnect' })
    await closed(nodes, five, four)
    assert.deepEqual([reasons(five), reasons(four)], [[], []])
  },

  'a DISCONNECT may not give an expiry to a session without one': async (nodes) => {
    const [client] = await admitted(nodes.one, { clientId: 'c' })
    client.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 5 } })
    await closed(nodes, client)
    assert.deepEqual(reasons(client), [0x82])
  },
}
