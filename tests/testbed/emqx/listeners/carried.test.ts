import { type EventEmitter, once } from 'node:events'
import { request } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { connect as connectTls } from 'node:tls'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import type { EmqxNode } from '#weir/testbed/emqx/index.ts'
import { ask, cluster5 } from '../support/cluster-5.ts'
import { api, evacuate, testbed } from '../support/nodes.ts'
import { until } from '../support/until.ts'

const CARRIED = [
  { kind: 'ssl', url: (host: string) => `mqtts://${host}:8883` },
  { kind: 'ws', url: (host: string) => `ws://${host}:8083/mqtt` },
  { kind: 'wss', url: (host: string) => `wss://${host}:8084/mqtt` },
] as const

function dial(url: string, options: IClientOptions = {}): Promise<MqttClient> {
  return mqtt.connectAsync(url, {
    rejectUnauthorized: false,
    reconnectPeriod: 0,
    clientId: 'c',
    protocolVersion: 5,
    ...options,
  })
}

/** The arguments of a client's next event. */
const heard = (client: MqttClient, event: string) => once(client as unknown as EventEmitter, event)

/** The reason that the server gave with its DISCONNECT. */
async function reasonOf(client: MqttClient): Promise<number | undefined> {
  const [packet] = await heard(client, 'disconnect')
  return (packet as { reasonCode?: number }).reasonCode
}

/** A node of either major alone. */
const MAJORS = {
  '4.4.19': async () => {
    const { cluster, start } = testbed()
    return { cluster, node: await start('emqx-ee-blue-0') }
  },
  '5.8.9': async () => {
    const { cluster, nodes } = await cluster5({ count: 1 })
    return { cluster, node: nodes[0]! }
  },
}

for (const [version, begin] of Object.entries(MAJORS))
  for (const { kind, url } of CARRIED) {
    test(`${version} ${kind}: messages of every QoS there and back, and a large one`, async () => {
      const { cluster, node } = await begin()
      const client = await dial(url(node.ip))
      const got: string[] = []
      client.on('message', (_, payload) => got.push(`${payload.length} ${payload.subarray(0, 8)}`))
      await client.subscribeAsync('t/#', { qos: 2 })
      for (const qos of [0, 1, 2] as const) await client.publishAsync('t/1', `qos ${qos}`, { qos })
      await client.publishAsync('t/1', Buffer.alloc(300_000, 'x'), { qos: 1 })
      await until(
        () => got.length === 4,
        () => got,
      )
      assert.equal(got, ['5 qos 0', '5 qos 1', '5 qos 2', '300000 xxxxxxxx'])
      assert.is(node.core.live.get('c')?.listener, kind)
      await client.endAsync()
      await until(() => node.core.connections.size === 0)
      cluster.close()
    })

    test(`${version} ${kind}: MQTT 3.1.1 keeps its session from TCP to here`, async () => {
      const { cluster, node } = await begin()
      const common = { protocolVersion: 4, clean: false } as const
      const before = await dial(`mqtt://${node.ip}`, common)
      await before.subscribeAsync('t', { qos: 1 })
      await before.endAsync()
      const sender = await dial(`mqtt://${node.ip}`, { clientId: 'sender' })
      await sender.publishAsync('t', 'kept', { qos: 1 })
      const after = mqtt.connect(url(node.ip), {
        rejectUnauthorized: false,
        reconnectPeriod: 0,
        clientId: 'c',
        ...common,
      })
      const [[connack], [, payload]] = await Promise.all([heard(after, 'connect'), heard(after, 'message')])
      assert.is(connack.sessionPresent, true)
      assert.is(`${payload}`, 'kept')
      await Promise.all([after.endAsync(), sender.endAsync()])
      cluster.close()
    })

    test(`${version} ${kind}: a killed node cuts the connection`, async () => {
      const { cluster, node } = await begin()
      const client = await dial(url(node.ip))
      client.on('error', () => {})
      const closed = heard(client, 'close')
      node.kill()
      await closed
      assert.is(client.connected, false)
      assert.is(node.core.live.size, 0)
      cluster.close()
    })
  }

for (const { kind, url } of CARRIED)
  test(`${kind}: an eviction says 0x9C and closes, and so does a refusal`, async () => {
    const { cluster, start } = testbed()
    const node = await start('emqx-ee-blue-0')
    const client = await dial(url(node.ip))
    const [reason] = await Promise.all([reasonOf(client), heard(client, 'close'), evacuate(node, {})])
    assert.is(reason, 0x9c)
    const refused = await dial(url(node.ip)).catch((error: { code?: number }) => error)
    assert.is((refused as { code?: number }).code, 0x9c)
    await until(() => node.core.connections.size === 0)
    cluster.close()
  })

async function listed(node: EmqxNode): Promise<Record<string, number>> {
  const { json } = await ask(node, 'GET', '/api/v5/listeners')
  return Object.fromEntries(
    json.map(({ id, status }: { id: string; status: { current_connections: number } }) => [
      id,
      status.current_connections,
    ]),
  )
}

test('each client is counted under its own listener, and ends of TLS connections under theirs', async () => {
  const { cluster, nodes } = await cluster5({ count: 1 })
  const [node] = nodes
  const clients = [
    await dial(`mqtt://${node!.ip}`, { clientId: 'tcp' }),
    ...(await Promise.all(
      CARRIED.map(({ kind, url }) =>
        dial(url(node!.ip), { clientId: kind, properties: { sessionExpiryInterval: 60 } }),
      ),
    )),
  ]
  assert.equal(await listed(node!), { 'ssl:default': 1, 'tcp:default': 1, 'ws:default': 1, 'wss:default': 1 })
  const row = (await ask(node!, 'GET', '/api/v5/clients/wss')).json
  assert.is(row.listener, 'wss:default')
  assert.is(row.ip_address.startsWith('127.'), true)
  assert.ok(row.port > 0)
  await clients.pop()!.endAsync()
  assert.is((await listed(node!))['wss:default'], 1, 'a session whose client is away has its process there')
  for (const clientId of ['ssl', 'ws'])
    assert.is((await ask(node!, 'DELETE', `/api/v5/clients/${clientId}`)).status, 204)
  const { body } = await ask(node!, 'GET', '/api/v5/prometheus/stats')
  assert.equal(body.match(/^emqx_client_disconnected_reason.*$/gm), [
    'emqx_client_disconnected_reason{listener_type="ssl",listener_name="default",reason="kicked"} 1',
  ])
  for (const client of clients) client.end(true)
  cluster.close()
})

test('4.4 lists its connections by listener', async () => {
  const { cluster, start } = testbed()
  const node = await start('emqx-ee-blue-0')
  const client = await dial(`ws://${node.ip}:8083/mqtt`)
  const rows = (await api(node, 'GET', '/api/v4/listeners')).json.data[0].listeners
  assert.equal(
    rows
      .filter(({ current_conns }: { current_conns: number }) => current_conns > 0)
      .map(({ protocol }: { protocol: string }) => protocol),
    ['mqtt:ws'],
  )
  await client.endAsync()
  cluster.close()
})

test('all nodes have one certificate that signs itself', async () => {
  const { cluster, start } = testbed()
  const nodes = [await start('emqx-ee-blue-0'), await start('emqx-ee-blue-1')]
  const prints = []
  for (const { ip } of nodes) {
    const socket = connectTls({ host: ip, port: 8883, rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    const certificate = socket.getPeerX509Certificate()!
    assert.ok(certificate.verify(certificate.publicKey))
    prints.push(certificate.fingerprint256)
    socket.destroy()
  }
  assert.is(prints[0], prints[1])
  cluster.close()
})

test('a client that trusts the certificate needs no exception', async () => {
  const { cluster, start } = testbed()
  const { ip } = await start('emqx-ee-blue-0')
  const socket = connectTls({ host: ip, port: 8883, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const ca = socket.getPeerX509Certificate()!.toString()
  socket.destroy()
  const client = await dial(`mqtts://${ip}:8883`, { ca, servername: 'localhost', rejectUnauthorized: true })
  await client.endAsync()
  cluster.close()
})

for (const { port, bytes } of [
  { port: 8883, bytes: 'GET / HTTP/1.1\r\n\r\n' },
  { port: 8084, bytes: '\x10\x0c\x00\x04MQTT' },
  { port: 8083, bytes: '\x10\x0c\x00\x04MQTT\x05\x02\x00\x00\x00\x00\x00\x00' },
])
  test(`whatever else comes to ${port} is closed, and nothing of it stays`, async () => {
    const { cluster, start } = testbed()
    const node = await start('emqx-ee-blue-0')
    const socket = connectTcp({ host: node.ip, port })
    socket.on('error', () => {})
    socket.resume()
    socket.write(bytes)
    await once(socket, 'close')
    await until(() => node.core.connections.size === 0)
    const client = await dial(`wss://${node.ip}:8084/mqtt`)
    await client.endAsync()
    cluster.close()
  })

async function upgrade(url: string, protocols: string[]): Promise<string> {
  const socket = new WebSocket(url, protocols)
  const what = await new Promise<string>((resolve) => {
    socket.on('open', () => resolve(`open ${socket.protocol}`))
    socket.on('error', (error) => resolve(error.message))
  })
  socket.terminate()
  return what
}

test('WebSocket: only /mqtt, only with a subprotocol of MQTT', async () => {
  const { cluster, start } = testbed()
  const { ip } = await start('emqx-ee-blue-0')
  const base = `ws://${ip}:8083`
  assert.is(await upgrade(`${base}/mqtt`, ['mqtt']), 'open mqtt')
  assert.is(await upgrade(`${base}/mqtt?token=x`, ['other', 'mqtt-v3.1.1']), 'open mqtt-v3.1.1')
  assert.is(await upgrade(`${base}/mqtt`, []), 'Unexpected server response: 400')
  assert.is(await upgrade(`${base}/mqtt`, ['other']), 'Unexpected server response: 400')
  assert.is(await upgrade(`${base}/`, ['mqtt']), 'Unexpected server response: 404')
  const plain = request({ host: ip, port: 8083, path: '/mqtt' }).end()
  const [response] = await once(plain, 'response')
  assert.is(response.statusCode, 426)
  response.resume()
  cluster.close()
})

test('WebSocket: packets may be cut anywhere, and text is the end', async () => {
  const { cluster, start } = testbed()
  const node = await start('emqx-ee-blue-0')
  const socket = new WebSocket(`ws://${node.ip}:8083/mqtt`, ['mqtt'])
  await once(socket, 'open')
  const chunks: Buffer[] = []
  socket.on('message', (data: Buffer) => chunks.push(data))
  for (const byte of Buffer.from('100d00044d51545404020000000163', 'hex')) socket.send(Buffer.from([byte]))
  await until(() => Buffer.concat(chunks).toString('hex') === '20020000')
  socket.send(Buffer.from('c000c000', 'hex'))
  await until(() => Buffer.concat(chunks).toString('hex') === '20020000d000d000')
  socket.send('text')
  const [code] = await once(socket, 'close')
  assert.is(code, 1000)
  await until(() => node.core.connections.size === 0)
  cluster.close()
})

test('sockets that another listener accepted are carried as well', async () => {
  const { cluster, start } = testbed()
  const { ip } = await start('emqx-ee-blue-0')
  const { createServer } = await import('node:net')
  const front = createServer((socket) => cluster.find(ip)!.accept(socket, 8084))
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
  const { port } = front.address() as { port: number }
  const client = await dial(`wss://127.0.0.1:${port}/mqtt`)
  await client.endAsync()
  front.close()
  cluster.close()
})

test.run()
