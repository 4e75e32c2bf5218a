import assert from 'node:assert/strict'
import { payloads, persistent, settled } from '../../../testbed/emqx/session/two-nodes.ts'
import { ask } from '../../../testbed/emqx/support/cluster-5.ts'
import { admitted, type Cases, closed, reasons, until } from '../nodes.ts'

/** The end of a node without an evacuation. The last case, for nobody starts the node again. */
export const stopCases: Cases = {
  'SIGTERM: FIN alone, no wills, no sessions; the other node lists it as stopped and does not find it':
    async (nodes) => {
      const { one, two } = nodes
      const [watcher] = await admitted(one, { clientId: 'watcher' })
      await watcher.subscribe('w')
      const will = { topic: 'w', payload: Buffer.from('will'), qos: 0 as const, retain: false }
      const [five] = await admitted(two, { ...persistent('five'), will })
      const [four] = await admitted(two, { clientId: 'four', version: 4, will })
      await nodes.terminate(two)
      await closed(nodes, five, four)
      assert.deepEqual([reasons(five), reasons(four)], [[], []])
      assert.deepEqual([five.error, four.error], [undefined, undefined])
      const listed = async () => {
        const { json } = await ask(one, 'GET', '/api/v5/nodes')
        return json.find(({ node }: { node: string }) => node === two.name)
      }
      await until(nodes, async () => (await listed()).node_status === 'stopped')
      assert.deepEqual(await listed(), { node: two.name, node_status: 'stopped', role: 'core' })
      const missing = await ask(one, 'GET', `/api/v5/nodes/${two.name}`)
      assert.deepEqual([missing.status, missing.json.code], [404, 'NOT_FOUND'])
      const [, present] = await admitted(one, persistent('five'))
      assert.equal(present, false)
      await nodes.pass(2000)
      await settled(watcher)
      assert.deepEqual(payloads(watcher), [])
      const { body } = await ask(one, 'GET', '/api/v5/prometheus/stats')
      assert.match(body, /^emqx_cluster_nodes_running 1$/m)
      assert.match(body, /^emqx_cluster_nodes_stopped 1$/m)
    },
}
