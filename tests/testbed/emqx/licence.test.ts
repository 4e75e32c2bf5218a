/** A licence that is changed while nodes run: of the whole cluster, at once, and for new clients alone. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EmqxNode } from '#weir/testbed/emqx/index.ts'
import { VirtualClock } from '../runtime/virtual-clock.ts'
import { ask, client5, cluster5, codeOf, fleet5 } from './support/cluster-5.ts'
import { api, testbed } from './support/nodes.ts'
import { join } from './support/raw-client.ts'

const configure = (node: EmqxNode, document: string, mode = 'merge') =>
  ask(node, 'PUT', `/api/v5/configs?mode=${mode}`, { body: document, contentType: 'text/plain' })
const shown = async (node: EmqxNode) => {
  const { json } = await ask(node, 'GET', '/api/v5/license')
  return [json.max_sessions, json.max_connections, json.customer_type]
}

test('5: the configuration sets a number within that of a business-critical licence, on all nodes', async () => {
  const { cluster, nodes } = await cluster5({ count: 2 })
  const [one, other] = nodes as [EmqxNode, EmqxNode]
  await configure(one, 'license { key = "weir-testbed-licence:business-critical:100" }')
  assert.equal(await shown(other), [25, 25, 3], 'EMQX has a default')
  await configure(one, 'license.dynamic_max_connections = 60')
  assert.equal(await shown(other), [60, 60, 3])
  await configure(other, 'license.dynamic_max_connections = 101')
  assert.equal(await shown(one), [100, 100, 3], 'no more than the licence')
  await configure(one, 'license { key = "no licence" }')
  assert.equal(await shown(one), [100, 100, 3], 'a text that is none changes nothing')
  cluster.close()
})

test('5: under another licence the configuration means nothing', async () => {
  const { cluster, nodes } = await cluster5({
    count: 1,
    configuration: 'license.key = "weir-testbed-licence:40"',
  })
  assert.equal(await shown(nodes[0]!), [40, 40, 10])
  await configure(nodes[0]!, 'license.dynamic_max_connections = 10')
  assert.equal(await shown(nodes[0]!), [40, 40, 10])
  cluster.close()
})

test('5: lowered, nobody has to go, nobody new is let in, and those with a session come back', async () => {
  const { cluster, nodes, clock } = await cluster5({ count: 1, licence: 'weir-testbed-licence:10' })
  const [node] = nodes as [EmqxNode]
  await fleet5(node, 8)
  await configure(node, 'license.key = "weir-testbed-licence:5"')
  await clock.advance(5000)
  assert.is(node.core.live.size, 8)
  assert.equal((await fleet5(node, 4, 8)).map(codeOf), [0x97, 0x97, 0x97, 3])
  assert.is(codeOf(await join(node.ip, client5(0))), 0, 'c0 has a session')
  await configure(node, 'license.key = "weir-testbed-licence:12"')
  assert.is(codeOf((await fleet5(node, 1, 8))[0]!), 0, 'raised: at once')
  cluster.close()
})

test('above 25 a tenth more is let in, to the client', async () => {
  const { cluster, nodes, clock } = await cluster5({ count: 1, licence: 'weir-testbed-licence:30' })
  await fleet5(nodes[0]!, 32)
  await clock.advance(5000)
  assert.is(codeOf((await fleet5(nodes[0]!, 1, 32))[0]!), 0, 'the 33rd')
  await clock.advance(5000)
  assert.is(codeOf((await fleet5(nodes[0]!, 1, 34))[0]!), 0x97, 'the 34th')
  cluster.close()
})

test('4.4: a licence is uploaded, and counts the connections of all nodes', async () => {
  const clock = new VirtualClock()
  const { cluster, start } = testbed({ clock })
  const one = await start('emqx-ee-blue-0', { licence: 'weir-testbed-licence:3' })
  const other = await start('emqx-ee-blue-1')
  const most = async () => (await api(other, 'GET', '/api/v4/license')).json.data.max_connections
  assert.is(await most(), 3)
  const clients = await Promise.all(['a', 'b', 'c'].map((clientId) => join(one.ip, { clientId })))
  await clock.advance(5000)
  const late = await join(other.ip, { clientId: 'd', version: 4 })
  assert.is(late.of('connack')[0]!.returnCode, 3)
  const upload = (license: unknown) => api(one, 'POST', '/api/v4/license/upload', { body: { license } })
  assert.is((await upload('no licence')).json.code, 400)
  assert.is((await upload(7)).json.code, 400)
  assert.is(await most(), 3)
  assert.is((await upload('weir-testbed-licence:4\n')).json.code, 0)
  assert.is(await most(), 4)
  assert.is((await join(other.ip, { clientId: 'd', version: 4 })).of('connack')[0]!.returnCode, 0)
  assert.is(clients.length, 3)
  cluster.close()
})

test.run()
