import { createServer } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { WeirError } from '#weir/errors/index.ts'
import { VirtualClock } from '../runtime/virtual-clock.ts'
import { api, evacuate, nextAddress, testbed } from './support/nodes.ts'
import { dial, join } from './support/raw-client.ts'
import { until } from './support/until.ts'

test('an evacuation runs in bursts of the rate over real sockets, and the rate is in the status', async () => {
  const clock = new VirtualClock()
  const { cluster, start } = testbed({ clock })
  const [blue, green] = [await start('emqx-ee-blue-0'), await start('emqx-ee-green-0')]
  const clients = await Promise.all(
    Array.from({ length: 23 }, (_, index) =>
      join(blue.ip, { clientId: `c${index}`, version: index % 2 === 0 ? 5 : 4 }),
    ),
  )
  await evacuate(blue, { conn_evict_rate: 10, wait_takeover: 5, migrate_to: [green.name] })
  const left: number[] = []
  for (let second = 0; second < 4; second++) {
    await clock.advance(second === 0 ? 500 : 1000)
    left.push(blue.core.live.size)
  }
  assert.equal(left, [13, 3, 0, 0])
  await until(() => clients.every((client) => client.ended))
  assert.is(blue.core.counters.disconnectSent, 12, 'MQTT 5 alone')
  assert.is(blue.core.counters.clientDisconnected, 23)
  assert.is(blue.core.evacuation.state, 'waiting_takeover')
  await clock.advance(6000)
  assert.is(blue.core.evacuation.state, 'prohibiting')
  assert.is(dial(blue.ip, { clientId: 'late' }) && blue.core.evacuation.enabled, true)
  cluster.close()
})

test('the order of eviction is arbitrary to the eye and the same again', async () => {
  const orders: string[] = []
  for (let run = 0; run < 2; run++) {
    const clock = new VirtualClock()
    const { cluster, start } = testbed({ clock })
    const blue = await start('emqx-ee-blue-0')
    const ids = Array.from({ length: 12 }, (_, index) => `client-${index}`)
    for (const clientId of run === 0 ? ids : ids.toReversed()) await join(blue.ip, { clientId })
    await evacuate(blue, { conn_evict_rate: 1 })
    const order: string[] = []
    let before = new Set(blue.core.live.keys())
    for (let tick = 0; tick < 12; tick++) {
      await clock.advance(tick === 0 ? 10 : 1000)
      order.push(...[...before].filter((id) => !blue.core.live.has(id)))
      before = new Set(blue.core.live.keys())
    }
    assert.is(order.length, 12)
    assert.not.equal(order, ids)
    orders.push(order.join())
    cluster.close()
  }
  assert.is(orders[0], orders[1])
})

test('a stop closes clients and listener, takes sessions along and is known to peers at once', async () => {
  const clock = new VirtualClock()
  const { cluster, start } = testbed({ clock })
  const [blue, green] = [await start('emqx-ee-blue-0', { terminateMs: 1500 }), await start('emqx-ee-green-0')]
  const watcher = await join(green.ip, { clientId: 'w' })
  await watcher.subscribe('wills')
  const client = await join(blue.ip, {
    clientId: 'p',
    clean: false,
    properties: { sessionExpiryInterval: 60 },
    will: { topic: 'wills', payload: Buffer.from('x'), qos: 0, retain: false },
  })
  await client.subscribe('t')
  let gone = false
  const stopped = blue.terminate().then(() => {
    gone = true
  })
  await until(() => client.ended)
  assert.is(green.core.group.registry.has('p'), false)
  assert.equal((await api(green, 'GET', '/api/v4/nodes')).json.data[0], {
    name: blue.name,
    node_status: 'Stopped',
  })
  assert.is((await api(blue, 'GET', '/api/v4/nodes')).status, 200, 'the API lives as long as the process')
  const late = dial(blue.ip, { clientId: 'late' })
  await until(() => late.closed)
  assert.is(late.error?.code, 'ECONNREFUSED')
  await clock.advance(1400)
  assert.is(gone, false)
  await clock.advance(200)
  await stopped
  assert.is(cluster.find(blue.ip), undefined)
  const dead = await api(blue, 'GET', '/status').catch(() => undefined)
  assert.is(dead, undefined)
  const back = await join(green.ip, { clientId: 'p', clean: false })
  assert.is(back.of('connack')[0]!.sessionPresent, false)
  assert.is(watcher.of('publish').length, 0, 'no wills')
  cluster.close()
})

test('a stopped node leaves the list after five minutes, unless it came back', async () => {
  const clock = new VirtualClock()
  const { cluster, start } = testbed({ clock })
  const [one, two, three] = [
    await start('emqx-ee-blue-0', { terminateMs: 1 }),
    await start('emqx-ee-blue-1', { terminateMs: 1 }),
    await start('emqx-ee-blue-2'),
  ]
  const stops = [one.terminate(), two.terminate()]
  await clock.advance(10)
  await Promise.all(stops)
  await start('emqx-ee-blue-1')
  await clock.advance(299_000)
  assert.is((await api(three, 'GET', '/api/v4/nodes')).json.data.length, 3)
  await clock.advance(2000)
  assert.equal(
    (await api(three, 'GET', '/api/v4/nodes')).json.data.map((row: { node: string }) => row.node),
    [two.name, three.name],
  )
  cluster.close()
})

test('clusters with different keys do not see each other', async () => {
  const { cluster, start } = testbed()
  const one = await start('a-0', { clusterKey: 'one' })
  const other = await start('b-0', { clusterKey: 'other' })
  assert.is((await api(one, 'GET', '/api/v4/nodes')).json.data.length, 1)
  await join(one.ip, { clientId: 'p', clean: false, properties: { sessionExpiryInterval: 60 } })
  assert.is((await join(other.ip, { clientId: 'p', clean: false })).of('connack')[0]!.sessionPresent, false)
  cluster.close()
})

test('an address that is taken is named, and nothing stays open', async () => {
  const ip = nextAddress()
  const squatter = createServer()
  await new Promise<void>((resolve) => squatter.listen({ host: ip, port: 8081 }, resolve))
  const { cluster, start } = testbed()
  const error = await start('emqx-ee-blue-0', { ip }).then(
    () => undefined,
    (thrown: Error) => thrown,
  )
  assert.instance(error, WeirError)
  assert.is((error as WeirError).code, 'WEIR_ADDRESS_IN_USE')
  assert.match(error!.message, `${ip}:8081`)
  const client = dial(ip, {})
  await until(() => client.closed)
  assert.is(client.error?.code, 'ECONNREFUSED')
  squatter.close()
  cluster.close()
})

test('a release that is neither 4.4 nor a late 5.8 is refused', async () => {
  const { cluster, start } = testbed()
  const error = await start('emqx-0', { version: '5.8.4' }).catch((thrown: WeirError) => thrown)
  assert.is((error as WeirError).code, 'WEIR_TESTBED')
  cluster.close()
})

test('a boot takes its time and can be given up', async () => {
  const clock = new VirtualClock()
  const { cluster, start } = testbed({ clock })
  const ip = nextAddress()
  const abort = new AbortController()
  const given = start('emqx-ee-blue-0', { ip, bootMs: 4000, signal: abort.signal }).catch(
    (error: Error) => error,
  )
  const kept = start('emqx-ee-blue-1', { bootMs: 4000 })
  await clock.advance(3900)
  assert.is(cluster.find(ip), undefined)
  abort.abort(new Error('given up'))
  assert.is(((await given) as Error).message, 'given up')
  await clock.advance(200)
  const node = await kept
  assert.equal([...node.core.group.members.keys()], [node.name])
  cluster.close()
})

test('a socket that somebody else accepted is served as the port that was meant', async () => {
  const { cluster, start } = testbed()
  const node = await start('emqx-ee-blue-0', { terminateMs: 1 })
  const host = nextAddress()
  const front = createServer((socket) => cluster.find(node.ip)!.accept(socket, 1883))
  const http = createServer((socket) => cluster.find(node.ip)!.accept(socket, 18083))
  await new Promise<void>((resolve) => front.listen({ host, port: 32010 }, resolve))
  await new Promise<void>((resolve) => http.listen({ host, port: 32011 }, resolve))
  const client = await join(host, { port: 32010, clientId: 'c' })
  await client.subscribe('t')
  assert.is(node.core.live.size, 1)
  const response = await fetch(`http://${host}:32011/api/v4/nodes`, {
    headers: { authorization: `Basic ${btoa('admin:public')}`, connection: 'close' },
  })
  assert.is(response.status, 200)
  assert.is(((await response.json()) as { data: unknown[] }).data.length, 1)
  front.close()
  http.close()
  cluster.close()
})

test('the first evacuation is announced', async () => {
  const { cluster, start } = testbed()
  const node = await start('emqx-ee-blue-0')
  let announced = false
  void cluster.firstEvacuation.then(() => {
    announced = true
  })
  await api(node, 'GET', '/api/v4/nodes')
  assert.is(announced, false)
  await evacuate(node, {})
  await cluster.firstEvacuation
  cluster.close()
})

test.run()
