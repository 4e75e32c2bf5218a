import assert from 'node:assert/strict'
import { payloads, settled } from '../../../testbed/emqx/session/two-nodes.ts'
import { ask } from '../../../testbed/emqx/support/cluster-5.ts'
import type { ConnectOptions, RawClient } from '../../../testbed/emqx/support/raw-client.ts'
import { admitted, type Cases, evacuate, isAway, type Nodes, reaches, until } from '../nodes.ts'

const WILL = { topic: 'w', qos: 1 as const, retain: false }

const mortal = (clientId: string, delaySeconds = 0, more: ConnectOptions = {}): ConnectOptions => ({
  clientId,
  clean: false,
  properties: { sessionExpiryInterval: 7200 },
  will: {
    ...WILL,
    payload: Buffer.from(clientId),
    properties: { willDelayInterval: delaySeconds },
  },
  ...more,
})

async function watcher(nodes: Nodes): Promise<RawClient> {
  const [client] = await admitted(nodes.two, { clientId: 'watcher' })
  await client.subscribe('w')
  return client
}

/** Lets so much time pass that every will which is to come has come. */
async function wills(nodes: Nodes, client: RawClient, ms = 500): Promise<string[]> {
  await nodes.pass(ms)
  await settled(client)
  return payloads(client)
}

/** Wills, with a delay and without. */
export const willCases: Cases = {
  'a connection that breaks publishes the will, and so does a DISCONNECT with 0x04': async (nodes) => {
    const watching = await watcher(nodes)
    const [broken] = await admitted(nodes.one, mortal('broken'))
    broken.close()
    await watching.wait('publish')
    const [asking] = await admitted(nodes.one, mortal('asking'))
    asking.send({ cmd: 'disconnect', reasonCode: 4 })
    await watching.wait('publish', 2)
    assert.deepEqual(payloads(watching), ['broken', 'asking'])
  },

  'a DISCONNECT publishes none': async (nodes) => {
    const watching = await watcher(nodes)
    for (const version of [4, 5] as const) {
      const { will, clientId } = mortal(`c${version}`)
      const [client] = await admitted(nodes.one, {
        will: { ...will!, properties: {} },
        clientId: clientId!,
        version,
      })
      client.send({ cmd: 'disconnect' })
    }
    assert.deepEqual(await wills(nodes, watching), [])
  },

  'a delayed will comes when its delay has passed': async (nodes) => {
    const watching = await watcher(nodes)
    const [client] = await admitted(nodes.one, mortal('late', 2))
    const brokenMs = nodes.now()
    client.close()
    await until(nodes, () => payloads(watching).length > 0)
    assert.ok(nodes.now() - brokenMs >= 1900, `after ${nodes.now() - brokenMs} ms`)
  },

  'a delayed will comes with the end of the session if that is earlier': async (nodes) => {
    const watching = await watcher(nodes)
    const options = mortal('short', 3600, { properties: { sessionExpiryInterval: 1 } })
    const [client] = await admitted(nodes.one, options)
    client.close()
    await until(nodes, () => payloads(watching).length > 0)
    const [without] = await admitted(nodes.one, mortal('without', 3600, { properties: {} }))
    without.close()
    await until(nodes, () => payloads(watching).length > 1)
    assert.deepEqual(payloads(watching), ['short', 'without'])
  },

  'a client that is back in time has no will, on the same node or the other': async (nodes) => {
    const watching = await watcher(nodes)
    for (const [index, node] of [nodes.one, nodes.two].entries()) {
      const [client] = await admitted(nodes.one, mortal(`c${index}`, 1))
      client.close()
      await isAway(nodes, `c${index}`)
      await admitted(node, { ...mortal(`c${index}`), will: undefined } as object)
    }
    assert.deepEqual(await wills(nodes, watching, 2000), [])
  },

  'a takeover of a client that is connected publishes a will without delay, and drops one with': async (
    nodes,
  ) => {
    const watching = await watcher(nodes)
    for (const delay of [0, 1]) {
      await admitted(nodes.one, mortal(`c${delay}`, delay))
      await admitted(nodes.two, { ...mortal(`c${delay}`), will: undefined } as object)
    }
    assert.deepEqual(await wills(nodes, watching, 2000), ['c0'])
  },

  'a kick publishes the will, whatever its delay': async (nodes) => {
    const watching = await watcher(nodes)
    await admitted(nodes.one, mortal('kicked', 3600))
    await ask(nodes.two, 'DELETE', '/api/v5/clients/kicked')
    await until(nodes, () => payloads(watching).length > 0)
    assert.deepEqual(payloads(watching), ['kicked'])
  },

  'an eviction publishes a will without delay; moving the session drops one with': async (nodes) => {
    const watching = await watcher(nodes)
    await admitted(nodes.one, mortal('now'))
    await admitted(nodes.one, mortal('delayed', 4))
    await admitted(
      nodes.one,
      mortal('old', 0, { version: 4, properties: {}, will: { ...WILL, payload: Buffer.from('old') } }),
    )
    await evacuate(nodes.one, { conn_evict_rate: 10, sess_evict_rate: 10 })
    await reaches(nodes, nodes.one, 'prohibiting')
    assert.deepEqual((await wills(nodes, watching, 5000)).sort(), ['now', 'old'])
  },
}
