import assert from 'node:assert/strict'
import { persistent } from '../../../testbed/emqx/session/two-nodes.ts'
import { ask } from '../../../testbed/emqx/support/cluster-5.ts'
import { admitted, type Cases, closed, isAway, reasons, row, until } from '../nodes.ts'

/** Clean start, session expiry, and takeover on one node and between two. */
export const sessionCases: Cases = {
  'a session without an expiry ends with its connection': async (nodes) => {
    const [client] = await admitted(nodes.one, { clientId: 'c', clean: false })
    client.close()
    await until(nodes, async () => (await row(nodes.one, 'c')).status === 404)
    const [, present] = await admitted(nodes.one, { clientId: 'c', clean: false })
    assert.equal(present, false)
  },

  'a session with an expiry is found again, on its node and on the other': async (nodes) => {
    const [first, fresh] = await admitted(nodes.one, persistent('p'))
    assert.equal(fresh, false)
    first.close()
    await isAway(nodes, 'p')
    const [second, here] = await admitted(nodes.one, persistent('p'))
    assert.equal(here, true)
    second.close()
    await isAway(nodes, 'p')
    const [, there] = await admitted(nodes.two, persistent('p'))
    assert.equal(there, true)
  },

  'MQTT 3.1.1 keeps its session without clean session': async (nodes) => {
    const options = { clientId: 'p', clean: false, version: 4 as const }
    const [first, fresh] = await admitted(nodes.one, options)
    assert.equal(fresh, false)
    first.close()
    await isAway(nodes, 'p')
    assert.equal((await row(nodes.one, 'p')).json.expiry_interval, 7200)
    const [, present] = await admitted(nodes.two, options)
    assert.equal(present, true)
  },

  'clean start ends the session that was there': async (nodes) => {
    const [first] = await admitted(nodes.one, persistent('p'))
    first.close()
    await isAway(nodes, 'p')
    const [second, present] = await admitted(nodes.two, { ...persistent('p'), clean: true })
    assert.equal(present, false)
    second.close()
    await isAway(nodes, 'p')
    const [, again] = await admitted(nodes.one, persistent('p'))
    assert.equal(again, true)
  },

  'an expiry that passes ends the session': async (nodes) => {
    const [client] = await admitted(nodes.one, persistent('p', { sessionExpiryInterval: 1 }))
    client.close()
    await isAway(nodes, 'p')
    await until(nodes, async () => (await row(nodes.one, 'p')).status === 404)
    const [, present] = await admitted(nodes.one, persistent('p'))
    assert.equal(present, false)
  },

  'a DISCONNECT may end the session at once': async (nodes) => {
    const [client] = await admitted(nodes.one, persistent('p'))
    client.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } })
    await until(nodes, async () => (await row(nodes.one, 'p')).status === 404)
  },

  'a takeover ends the old connection: MQTT 5 with 0x8e, MQTT 3.1.1 with FIN alone': async (nodes) => {
    for (const node of [nodes.one, nodes.two]) {
      const [five] = await admitted(nodes.one, persistent('five'))
      const [, present] = await admitted(node, persistent('five'))
      assert.equal(present, true)
      const options = { clientId: 'four', clean: false, version: 4 as const }
      const [four] = await admitted(nodes.one, options)
      assert.equal((await admitted(node, options))[1], true)
      await closed(nodes, five, four)
      assert.deepEqual([reasons(five), reasons(four)], [[0x8e], []])
    }
  },

  'clean start ends the old connection with 0x8e, and its session': async (nodes) => {
    const [old] = await admitted(nodes.one, persistent('p'))
    const [, present] = await admitted(nodes.two, { ...persistent('p'), clean: true })
    assert.equal(present, false)
    await closed(nodes, old)
    assert.deepEqual(reasons(old), [0x8e])
  },

  'a kick ends connection and session: MQTT 5 with 0x98': async (nodes) => {
    const [client] = await admitted(nodes.one, persistent('p'))
    const { status } = await kick(nodes.two.ip, 'p')
    assert.equal(status, 204)
    await closed(nodes, client)
    assert.deepEqual(reasons(client), [0x98])
    assert.equal((await kick(nodes.two.ip, 'p')).status, 404)
  },
}

const kick = (ip: string, clientId: string) => ask({ ip }, 'DELETE', `/api/v5/clients/${clientId}`)
