import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, assertReplays, cluster5, codeOf } from '../support/cluster-5.ts'
import { join } from '../support/raw-client.ts'

/** 600 clients on node 1, as when the rebalance was recorded. */
async function unbalanced() {
  const bed = await cluster5()
  const [one, two, three] = bed.nodes
  const connect = (node: { ip: string }, from: number, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, i) => join(node.ip, { clientId: `c${from + i}`, keepalive: 0 })),
    )
  for (let from = 0; from < 600; from += 100) await connect(one!, from, 100)
  return {
    ...bed,
    one: one!,
    two: two!,
    three: three!,
    connect,
    same: (name: string) => assertReplays(bed.nodes, name),
  }
}

test('a rebalance goes through the states of the recorded one, with its figures', async () => {
  const { cluster, clock, same, connect, one, two, three } = await unbalanced()
  await same('rebalance-start-ok')
  for (const name of [
    'rebalance-start-already',
    'rebalance-status-wait',
    'rebalance-avail-wait',
    'rebalance-global-1',
    'evac-start-during-rebalance',
  ])
    await same(name)
  // Donors still admit; recipients say nothing of it.
  assert.is(codeOf(await join(one.ip, { clientId: 'c0', keepalive: 0 })), 0)
  const other = await ask(two, 'GET', '/api/v5/load_rebalance/status')
  assert.equal(other.json, { status: 'disabled' })
  assert.is((await ask(two, 'GET', '/api/v5/load_rebalance/availability_check')).status, 200)

  await clock.advance(5100)
  await same('rebalance-global-3')
  assert.is(codeOf(await join(one.ip, { clientId: 'late', keepalive: 0 })), 0x9c)
  await clock.advance(6000)
  assert.is(one.core.live.size, 250)
  // 22 of the 350 that were evicted are still away, as then.
  await connect(two, 1000, 164)
  await connect(three, 2000, 164)
  await clock.advance(1000)
  assert.is(one.core.live.size, 200)
  await connect(two, 3000, 36)
  await connect(three, 4000, 36)
  await clock.advance(1000)
  await same('rebalance-global-11')
  await same('rebalance-status-11')
  await clock.advance(5000)
  await same('rebalance-global-16')
  await same('rebalance-status-16')
  await same('rebalance-stop')
  assert.is(codeOf(await join(one.ip, { clientId: 'late', keepalive: 0 })), 0)
  cluster.close()
})

const start = (node: { name: string; ip: string }, body: object = {}) =>
  ask(node, 'POST', `/api/v5/load_rebalance/${node.name}/start`, { body: JSON.stringify(body) })

test('nothing to balance, unknown nodes, a donor that is evacuated', async () => {
  const { cluster, nodes } = await cluster5()
  const [one, two] = nodes
  const error = (what: string) => ({ code: 'BAD_REQUEST', message: `error on node '${one!.name}': ${what}` })
  const idle = await start(one!)
  assert.equal([idle.status, idle.json], [400, error('nothing_to_balance')])
  const unknown = await ask(one!, 'POST', '/api/v5/load_rebalance/x@y/start', { body: '{}' })
  assert.equal([unknown.status, unknown.json], [404, { code: 'NOT_FOUND', message: 'Node not found: x@y' }])
  for (let i = 0; i < 6; i++) await join(one!.ip, { clientId: `c${i}`, keepalive: 0 })
  await ask(one!, 'POST', `/api/v5/load_rebalance/${one!.name}/evacuation/start`, { body: '{}' })
  const busy = await start(one!, { abs_conn_threshold: 1 })
  assert.equal([busy.status, busy.json], [400, error('eviction_agent_busy')])
  const named = await start(two!, { nodes: nodes.map(({ name }) => name) })
  assert.equal([named.status, named.json.code], [400, 'NOT_FOUND'])
  cluster.close()
})

test('a partner that goes ends the rebalance, and its donors admit clients again', async () => {
  for (const gone of [0, 1, 2]) {
    const { cluster, clock, nodes } = await cluster5()
    const [one, two, three] = nodes
    for (let i = 0; i < 6; i++) await join(one!.ip, { clientId: `c${i}`, keepalive: 0 })
    // Node 3 conducts what node 1 gives.
    const body = JSON.stringify({ abs_conn_threshold: 1, conn_evict_rate: 1 })
    const started = await ask(two!, 'POST', `/api/v5/load_rebalance/${three!.name}/start`, { body })
    assert.is(started.status, 200)
    assert.is(one!.core.agent.enabled, true)
    nodes[gone]!.kill()
    await clock.advance(100)
    assert.is(three!.core.rebalance.enabled, false, `node ${gone + 1}`)
    assert.is(one!.core.agent.enabled, false)
    cluster.close()
  }
})

test.run()
