import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { VirtualClock } from '../../runtime/virtual-clock.ts'
import { api, evacuate, testbed } from '../support/nodes.ts'
import { type ConnectOptions, join, type RawClient } from '../support/raw-client.ts'
import { until } from '../support/until.ts'

const persistent = (clientId: string, more: ConnectOptions = {}): ConnectOptions => ({
  clientId,
  clean: false,
  properties: { sessionExpiryInterval: 7200 },
  ...more,
})

const present = (client: RawClient) => client.of('connack')[0]!.sessionPresent

const payloads = (client: RawClient) => client.of('publish').map((packet) => `${packet.payload}`)

async function publish(host: string, topic: string, messages: string[], qos: 1 | 2 = 1): Promise<void> {
  const sender = await join(host, { clientId: 'sender' })
  messages.forEach((payload, index) => {
    sender.send({ cmd: 'publish', topic, payload, qos, dup: false, retain: false, messageId: index + 1 })
  })
  await sender.wait(qos === 1 ? 'puback' : 'pubrec', messages.length)
  sender.send({ cmd: 'disconnect', reasonCode: 0 })
  await until(() => sender.closed)
}

test('a session moves to another node with its subscription and what was queued for it', async () => {
  const { cluster, start } = testbed()
  const [blue, green] = [await start('emqx-ee-blue-0'), await start('emqx-ee-green-0')]
  const before = await join(blue.ip, persistent('p'))
  await before.subscribe('news/+', 1)
  before.close()
  await until(() => blue.core.live.size === 0)
  await publish(green.ip, 'news/1', ['a', 'b', 'c'])
  assert.is(blue.core.channels.get('p')?.session.queueLength, 3)

  const after = await join(green.ip, persistent('p'))
  assert.is(present(after), true)
  await after.wait('publish', 3)
  assert.equal(payloads(after), ['a', 'b', 'c'])
  await publish(blue.ip, 'news/2', ['d'])
  await after.wait('publish', 4)
  assert.equal(payloads(after), ['a', 'b', 'c', 'd'])
  assert.is(blue.core.counters.sessionTakeovered, 1)
  assert.is(green.core.counters.sessionResumed, 1)
  await until(() => blue.core.channels.size === 0)
  cluster.close()
})

test('what was in flight comes again with DUP and the same packet id; a received QoS 2 message only as PUBREL', async () => {
  const { cluster, start } = testbed()
  const [blue, green] = [await start('emqx-ee-blue-0'), await start('emqx-ee-green-0')]
  const before = await join(blue.ip, persistent('p'))
  await before.subscribe('t', 2)
  await publish(blue.ip, 't', ['one'], 1)
  await publish(blue.ip, 't', ['two'], 2)
  const [first, second] = await before.wait('publish', 2)
  before.send({ cmd: 'pubrec', messageId: second!.messageId! })
  await before.wait('pubrel')
  before.close()

  const after = await join(green.ip, persistent('p'))
  await after.wait('publish', 1)
  await after.wait('pubrel', 1)
  const again = after.of('publish')
  assert.equal(
    again.map(({ messageId, dup, payload }) => ({ messageId, dup, payload: `${payload}` })),
    [{ messageId: first!.messageId, dup: true, payload: 'one' }],
  )
  assert.is(after.of('pubrel')[0]!.messageId, second!.messageId)
  cluster.close()
})

test('a clean start on another node discards the old session', async () => {
  const { cluster, start } = testbed()
  const [blue, green] = [await start('emqx-ee-blue-0'), await start('emqx-ee-green-0')]
  const before = await join(blue.ip, persistent('p'))
  await before.subscribe('t', 1)
  const after = await join(green.ip, { clientId: 'p', clean: true })
  assert.is(present(after), false)
  await until(() => before.ended)
  assert.is(blue.core.counters.sessionDiscarded, 1)
  assert.is(blue.core.group.topics.size, 0)
  cluster.close()
})

test('3.1.1 keeps its session with clean session 0 as well', async () => {
  const { cluster, start } = testbed()
  const [blue, green] = [await start('emqx-ee-blue-0'), await start('emqx-ee-green-0')]
  const before = await join(blue.ip, { clientId: 'p', version: 4, clean: false })
  before.close()
  await until(() => blue.core.live.size === 0)
  assert.is(present(await join(green.ip, { clientId: 'p', version: 4, clean: false })), true)
  cluster.close()
})

test('an MQTT 5 session without an expiry ends with its connection', async () => {
  const { cluster, start } = testbed()
  const blue = await start('emqx-ee-blue-0')
  const before = await join(blue.ip, { clientId: 'p', clean: false })
  before.close()
  await until(() => blue.core.channels.size === 0)
  assert.is(present(await join(blue.ip, persistent('p'))), false)
  cluster.close()
})

test('sessions left behind by an evacuation are parked on the recipients, and taken over from there', async () => {
  const { cluster, start } = testbed()
  const blue = await start('emqx-ee-blue-0')
  const greens = [await start('emqx-ee-green-0'), await start('emqx-ee-green-1')]
  const clients = await Promise.all(
    Array.from({ length: 12 }, (_, index) => join(blue.ip, persistent(`p${index}`))),
  )
  await Promise.all(clients.map((client, index) => client.subscribe(`t/${index}`, 1)))
  await evacuate(blue, { wait_takeover: 1, migrate_to: greens.map(({ name }) => name) })
  await until(() => blue.core.evacuation.state === 'prohibiting')
  const parked = greens.map((green) => green.core.channels.size)
  assert.is(parked[0]! + parked[1]!, 12)
  assert.ok(parked[0]! > 0 && parked[1]! > 0, `${parked}`)
  assert.is(greens[0]!.core.live.size, 0)
  await until(() => blue.core.channels.size === 0)

  await publish(greens[0]!.ip, 't/3', ['late'])
  const listed = (await api(greens[0]!, 'GET', '/api/v4/clients/p3')).json.data[0]
  assert.is(listed.connected, false)
  assert.is(listed.mqueue_len, 1)
  const back = await join(greens[0]!.ip, persistent('p3'))
  assert.is(present(back), true)
  assert.equal(
    (await back.wait('publish')).map(({ payload }) => `${payload}`),
    ['late'],
  )
  cluster.close()
})

test('up to 4.4.23 only sessions of clean_start=false are counted and moved', async () => {
  const { cluster, start } = testbed()
  const old = await start('emqx-ee-blue-0', { version: '4.4.14' })
  const recent = await start('emqx-ee-green-0', { version: '4.4.24' })
  for (const node of [old, recent])
    await join(node.ip, {
      clientId: `c${node.core.version.version}`,
      clean: true,
      properties: { sessionExpiryInterval: 60 },
    })
  assert.is([...old.core.countedSessions()].length, 0)
  assert.is([...recent.core.countedSessions()].length, 1)
  cluster.close()
})

test('a detached session ends when its expiry is over', async () => {
  const clock = new VirtualClock()
  const { cluster, start } = testbed({ clock })
  const blue = await start('emqx-ee-blue-0')
  const client = await join(blue.ip, {
    clientId: 'p',
    clean: false,
    properties: { sessionExpiryInterval: 10 },
  })
  client.close()
  await until(() => blue.core.live.size === 0)
  await clock.advance(9000)
  assert.is(blue.core.channels.size, 1)
  await clock.advance(3000)
  assert.is(blue.core.channels.size, 0)
  assert.is(blue.core.group.registry.size, 0)
  assert.is(blue.core.counters.sessionTerminated, 1)
  cluster.close()
})

test('a DISCONNECT may shorten the expiry, but not give one to a session without', async () => {
  const { cluster, start } = testbed()
  const blue = await start('emqx-ee-blue-0')
  const client = await join(blue.ip, persistent('p'))
  client.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } })
  await until(() => blue.core.channels.size === 0)
  const without = await join(blue.ip, { clientId: 'q' })
  without.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 5 } })
  await until(() => without.ended)
  assert.is(without.of('disconnect')[0]?.reasonCode, 0x82)
  cluster.close()
})

test.run()
