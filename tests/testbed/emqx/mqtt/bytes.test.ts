import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { acceptedBytes, disconnectBytes, refusalBytes } from '#weir/testbed/emqx/mqtt/bytes.ts'
import { projectFile } from '../../../support/project-file.ts'
import { api, evacuate, testbed } from '../support/nodes.ts'
import { dial, join } from '../support/raw-client.ts'
import { until } from '../support/until.ts'

/** Recorded from a real node: `<case> <client> CONNACK <hex>` and `<case> <client> then received <hex> then FIN …`. */
const recorded = readFileSync(projectFile('tests/fixtures/emqx/raw-mqtt-bytes.txt'), 'utf8').split('\n')

function connack(situation: string, client: string): string {
  const start = `${situation} ${client} CONNACK `
  return recorded.find((line) => line.startsWith(start))!.slice(start.length)
}

function received(situation: string, client: string): string {
  const start = `${situation} ${client} then received `
  const bytes = recorded
    .find((line) => line.startsWith(start))!
    .slice(start.length)
    .split(' ')[0]!
  return bytes === '(nothing)' ? '' : bytes
}

const CLIENTS = [
  ['v5persist', 5, false],
  ['v5clean', 5, true],
  ['v311clean', 4, true],
  ['v311persist', 4, false],
] as const

test('the prepared packets are the recorded bytes', () => {
  assert.is(acceptedBytes(5, true).toString('hex'), connack('evict-no-redirect', 'v5persist'))
  assert.is(acceptedBytes(5, false).toString('hex'), connack('evict-no-redirect', 'v5clean'))
  assert.is(acceptedBytes(4, true).toString('hex'), connack('evict-no-redirect', 'v311persist'))
  assert.is(acceptedBytes(4, false).toString('hex'), connack('evict-no-redirect', 'v311clean'))
  const reference = '127.0.0.2:1883'
  assert.is(refusalBytes(5, 0x9c, reference).toString('hex'), connack('refused-with-redirect', 'v5clean'))
  assert.is(refusalBytes(4, 0x9c, reference).toString('hex'), connack('refused-with-redirect', 'v311clean'))
  assert.is(
    disconnectBytes(0x9c, reference).toString('hex'),
    received('during-waiting_health_check', 'v5persist'),
  )
})

test('a long reference has a two-byte length', () => {
  const bytes = refusalBytes(5, 0x9c, 'h'.repeat(200))
  // Property length 203 as a variable byte integer, then 0x1c and the string of 200.
  assert.is(bytes.subarray(4, 9).toString('hex'), 'cb011c00c8')
})

test('an evacuating node refuses with the recorded bytes and FIN, whoever comes', async () => {
  const { cluster, start } = testbed()
  const node = await start('emqx-ee-blue-0')
  await evacuate(node, {})
  for (const [name, version, clean] of CLIENTS) {
    const client = dial(node.ip, { version, clean, clientId: name })
    await until(() => client.ended)
    assert.is(client.hex, connack('refused-no-redirect', name), name)
    assert.is(client.error, undefined)
  }
  cluster.close()
})

test('redirect_to reaches MQTT 5 clients of a 4.4 node', async () => {
  const { cluster, start } = testbed()
  const node = await start('emqx-ee-blue-0')
  const evicted = await join(node.ip, { clientId: 'here' })
  await evacuate(node, { redirect_to: '127.0.0.2:1883' })
  await until(() => evicted.ended)
  assert.ok(evicted.hex.endsWith(received('during-waiting_health_check', 'v5clean')))
  const refused = dial(node.ip, { clientId: 'there' })
  await until(() => refused.ended)
  assert.is(refused.hex, connack('refused-with-redirect', 'v5clean'))
  cluster.close()
})

test('an eviction is the recorded DISCONNECT to MQTT 5, nothing to MQTT 3, and FIN to both', async () => {
  const { cluster, start } = testbed()
  const node = await start('emqx-ee-blue-0')
  const clients = await Promise.all(
    CLIENTS.map(([name, version, clean]) =>
      join(node.ip, {
        version,
        clean,
        clientId: name,
        ...(version === 5 && !clean && { properties: { sessionExpiryInterval: 7200 } }),
      }),
    ),
  )
  const before = clients.map((client) => client.hex)
  await evacuate(node, {})
  await until(() => clients.every((client) => client.ended))
  for (const [index, [name]] of CLIENTS.entries()) {
    assert.is(clients[index]!.hex.slice(before[index]!.length), received('evict-no-redirect', name), name)
    assert.is(clients[index]!.error, undefined, 'FIN, not RST')
  }
  cluster.close()
})

test('a node that is stopped sends FIN and not a word', async () => {
  const { cluster, start } = testbed()
  const node = await start('emqx-ee-blue-0', { terminateMs: 1 })
  const client = await join(node.ip)
  const before = client.hex
  await node.terminate()
  await until(() => client.ended)
  assert.is(client.hex.slice(before.length), received('node-stop-SIGTERM', 'v5clean'))
  assert.is(client.error, undefined)
  cluster.close()
})

test('somebody else with the same id: the MQTT 5 client hears 0x8E', async () => {
  const { cluster, start } = testbed()
  const [blue, green] = [await start('emqx-ee-blue-0'), await start('emqx-ee-green-0')]
  const first = await join(blue.ip, {
    clientId: 'one',
    clean: false,
    properties: { sessionExpiryInterval: 60 },
  })
  const before = first.hex
  const second = await join(green.ip, { clientId: 'one', clean: false })
  await until(() => first.ended)
  assert.is(first.hex.slice(before.length), received('evict-with-redirect-to', 'v5persist'))
  assert.is(second.of('connack')[0]!.sessionPresent, true)
  cluster.close()
})

test('a kick is 0x98 and the end of the session', async () => {
  const { cluster, start } = testbed()
  const node = await start('emqx-ee-blue-0')
  const client = await join(node.ip, {
    clientId: 'k',
    clean: false,
    properties: { sessionExpiryInterval: 60 },
  })
  const before = client.hex
  assert.equal((await api(node, 'DELETE', '/api/v4/clients/k')).json, { code: 0 })
  await until(() => client.ended)
  assert.is(client.hex.slice(before.length), 'e0029800')
  const back = await join(node.ip, { clientId: 'k', clean: false })
  assert.is(back.of('connack')[0]!.sessionPresent, false)
  cluster.close()
})

test.run()
