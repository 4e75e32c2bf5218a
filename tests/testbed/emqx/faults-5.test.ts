import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EmqxNode } from '#weir/testbed/emqx/index.ts'
import { FAULTS } from '#weir/testbed/faults/index.ts'
import { MESSAGE_FAULTS } from './message-faults.suite.ts'
import { SUBSCRIBE_FAULTS } from './subscribe-faults.suite.ts'
import { ask, client5, cluster5, codeOf, fleet5 } from './support/cluster-5.ts'
import { join } from './support/raw-client.ts'
import { until } from './support/until.ts'

/** One old core of EMQX 5 and what it takes to add others. */
async function bed(faults: string[]) {
  const made = await cluster5({ faults, count: 1 })
  return { ...made, old: made.nodes[0]!, fresh: () => made.start('127.0.0.9', 'emqx-core-green') }
}

async function evacuate(node: EmqxNode, body: object): Promise<void> {
  const path = `/api/v5/load_rebalance/${node.name}/evacuation/start`
  const answer = await ask(node, 'POST', path, {
    body: JSON.stringify({ wait_health_check: 3, wait_takeover: 1, ...body }),
  })
  assert.is(answer.status, 200, answer.body)
}

const tested = new Set<string>()

/** Runs the same story honestly and with the fault. */
function both(fault: string, story: (faults: string[], isOn: boolean) => Promise<void>): void {
  tested.add(fault)
  test(`without ${fault}`, () => story([], false))
  test(`with ${fault}`, () => story([fault], true))
}

/** How many of 40 are left after the wait and after each half second from then on. */
for (const [fault, left] of [
  ['rate-ignored', [24, 24, 8, 8, 0]],
  ['all-at-once', [0, 0, 0, 0, 0]],
  ['double-tick', [36, 32, 28, 24, 20]],
  ['rate-13', [35, 35, 30, 30, 25]],
  ['evacuation-slow', [38, 38, 36, 36, 34]],
] as const)
  both(fault, async (faults, isOn) => {
    const { cluster, old, clock } = await bed(faults)
    await fleet5(old, 40)
    await evacuate(old, { conn_evict_rate: 4 })
    await clock.advance(2900)
    assert.is(old.core.live.size, 40, 'the wait for health checks is kept')
    const seen: number[] = []
    await clock.advance(200)
    for (let step = 0; step < 5; step++) {
      seen.push(old.core.live.size)
      await clock.advance(500)
    }
    assert.equal(seen, isOn ? left : [36, 36, 32, 32, 28])
    cluster.close()
  })

both('skip-health-wait', async (faults, isOn) => {
  const { cluster, old, clock } = await bed(faults)
  await fleet5(old, 8)
  await evacuate(old, { conn_evict_rate: 4 })
  await clock.advance(500)
  assert.is(old.core.evacuation.state, isOn ? 'evicting_conns' : 'waiting_health_check')
  assert.is(old.core.live.size, isOn ? 4 : 8)
  cluster.close()
})

both('skip-takeover-wait', async (faults, isOn) => {
  const { cluster, old, clock } = await bed(faults)
  await fleet5(old, 4)
  await evacuate(old, { wait_takeover: 60 })
  await clock.advance(4200)
  assert.is(old.core.evacuation.state, isOn ? 'evicting_sessions' : 'waiting_takeover')
  cluster.close()
})

both('evacuation-stuck', async (faults, isOn) => {
  const { cluster, old, clock, fresh } = await bed(faults)
  await fresh()
  await fleet5(old, 4)
  await evacuate(old, {})
  await clock.advance(600_000)
  assert.is(old.core.evacuation.state, isOn ? 'evicting_sessions' : 'prohibiting')
  assert.is(old.core.channels.size, isOn ? 2 : 0)
  cluster.close()
})

both('gauge-frozen', async (faults, isOn) => {
  const { cluster, old, clock } = await bed(faults)
  await fleet5(old, 8)
  await clock.advance(2000)
  await evacuate(old, {})
  await clock.advance(6000)
  const { body } = await ask(old, 'GET', '/api/v5/prometheus/stats')
  assert.match(body, new RegExp(`^emqx_live_connections_count ${isOn ? 8 : 0}$`, 'm'))
  cluster.close()
})

both('gauge-lies', async (faults, isOn) => {
  const { cluster, old, clock, fresh } = await bed(faults)
  const other = await fresh()
  for (const node of [old, other]) await fleet5(node, 10, node === old ? 0 : 10)
  await clock.advance(2000)
  const counts = []
  for (const node of [old, other])
    counts.push(
      /^emqx_live_connections_count (\d+)$/m.exec(
        (await ask(node, 'GET', '/api/v5/prometheus/stats')).body,
      )![1],
    )
  assert.equal(counts, isOn ? ['10', '11'] : ['10', '10'])
  cluster.close()
})

both('early-drop', async (faults, isOn) => {
  const { cluster, start, old, fresh } = await bed(faults)
  const replicant = await start('127.0.0.20', 'emqx-replicant-blue', { role: 'replicant' })
  await fleet5(replicant, 12)
  await start('127.0.0.21', 'emqx-replicant-blue', { role: 'replicant' })
  assert.is(replicant.core.live.size, 12, 'replicants of the first revision are as old as its cores')
  await fresh()
  await until(() => replicant.core.live.size === (isOn ? 7 : 12))
  await start('127.0.0.30', 'emqx-replicant-green', { role: 'replicant' })
  assert.is(replicant.core.live.size, isOn ? 7 : 12, 'once for each revision')
  assert.is(old.core.live.size, 0)
  cluster.close()
})

both('bounce', async (faults, isOn) => {
  const { cluster, clock, fresh } = await bed(faults)
  const other = await fresh()
  const clients = await fleet5(other, 20)
  await clock.advance(3100)
  await until(() => clients.filter(({ ended }) => ended).length === (isOn ? 2 : 0))
  cluster.close()
})

both('refuse-some', async (faults, isOn) => {
  const { cluster, old, fresh } = await bed(faults)
  const other = await fresh()
  const codes = (await fleet5(other, 20)).map(codeOf)
  assert.equal(codes.filter((code) => code !== 0).sort(), isOn ? [0x97, 0x97, 3, 0x97].sort() : [])
  assert.ok((await fleet5(old, 10, 20)).every((client) => codeOf(client) === 0))
  cluster.close()
})

both('lost-client', async (faults, isOn) => {
  const { cluster, old, clock, fresh } = await bed(faults)
  const clients = await fleet5(old, 8)
  const other = await fresh()
  await evacuate(old, {})
  await clock.advance(3200)
  await until(() => clients.every(({ ended }) => ended))
  const codes = (await fleet5(other, 8)).map(codeOf)
  assert.equal(
    codes.filter((code) => code !== 0),
    isOn ? [0x87, 0x87, 0x87] : [],
  )
  cluster.close()
})

both('ghost-client', async (faults, isOn) => {
  const { cluster, old, clock, fresh } = await bed(faults)
  const other = await fresh()
  const clients = await fleet5(old, 6)
  await evacuate(old, {})
  await clock.advance(3200)
  await until(() => clients.every(({ ended }) => ended))
  await fleet5(other, 6)
  const listed = async (node: EmqxNode) =>
    (await ask(other, 'GET', `/api/v5/clients?conn_state=connected&node=${node.name}`)).json.meta.count
  assert.equal([await listed(old), await listed(other)], [isOn ? 3 : 0, 6])
  cluster.close()
})

both('session-lost', async (faults, isOn) => {
  const { cluster, old, fresh } = await bed(faults)
  const other = await fresh()
  const persistent = (index: number) => client5(index * 4)
  for (let index = 0; index < 60; index++) await join(old.ip, persistent(index))
  let lost = 0
  for (let index = 0; index < 60; index++)
    if ((await join(other.ip, persistent(index))).of('connack')[0]!.sessionPresent !== true) lost++
  assert.is(lost, isOn ? 2 : 0)
  cluster.close()
})

for (const [fault, story] of Object.entries({ ...MESSAGE_FAULTS, ...SUBSCRIBE_FAULTS }))
  both(fault, async (faults, isOn) => {
    const { cluster, old, clock, fresh } = await bed(faults)
    const gone = async () => {
      await evacuate(old, { wait_takeover: 60 })
      await clock.advance(3500)
      await until(() => old.core.live.size === 0)
    }
    await story({ old, fresh: await fresh(), clock, evacuate: gone }, isOn)
    cluster.close()
  })

both('join-drop', async (faults, isOn) => {
  const { cluster, old, start } = await bed(faults)
  await fleet5(old, 8)
  await start('127.0.0.2', 'emqx-core-blue')
  assert.is(old.core.live.size, isOn ? 3 : 8, 'another node of the same set')
  await start('127.0.0.9', 'emqx-core-green')
  assert.is(old.core.live.size, isOn ? 3 : 8, 'the first node of another')
  cluster.close()
})

both('survivor-drop', async (faults, isOn) => {
  const { cluster, old, start } = await bed(faults)
  await fleet5(old, 20)
  const other = await start('127.0.0.2', 'emqx-core-blue')
  await evacuate(other, {})
  assert.is(old.core.live.size, isOn ? 10 : 20)
  cluster.close()
})

both('member-left', async (faults, isOn) => {
  const { cluster, old, start } = await bed(faults)
  await fleet5(old, 1)
  await start('127.0.0.2', 'emqx-core-blue')
  const { body } = await ask(old, 'GET', '/api/v5/nodes')
  const stopped = JSON.parse(body).filter(
    ({ node_status }: { node_status: string }) => node_status === 'stopped',
  )
  assert.is(stopped.length, isOn ? 1 : 0, body)
  cluster.close()
})

/** Gives the cluster a licence for so many, as its operator does. */
const license = (node: EmqxNode, most: number) =>
  ask(node, 'PUT', '/api/v5/configs?mode=merge', {
    body: `license.key = "weir-testbed-licence:${most}"`,
    contentType: 'text/plain',
  })
const limitOf = async (node: EmqxNode) => (await ask(node, 'GET', '/api/v5/license')).json.max_sessions

both('limit-late', async (faults, isOn) => {
  const { cluster, old, clock } = await bed(faults)
  await license(old, 20)
  assert.is(await limitOf(old), isOn ? 10_000_000 : 20)
  await clock.advance(600_000)
  assert.is(await limitOf(old), 20)
  cluster.close()
})

both('limit-ignored', async (faults, isOn) => {
  const { cluster, old, clock } = await bed(faults)
  await fleet5(old, 4)
  await license(old, 4)
  await clock.advance(5000)
  assert.is(await limitOf(old), 4)
  assert.is(codeOf((await fleet5(old, 1, 4))[0]!), isOn ? 0 : 0x97)
  cluster.close()
})

both('limit-kicks', async (faults, isOn) => {
  const { cluster, old } = await bed(faults)
  await fleet5(old, 8)
  await license(old, 5)
  assert.is(old.core.live.size, isOn ? 5 : 8)
  await license(old, 9)
  assert.is(old.core.live.size, isOn ? 5 : 8, 'a larger one ends nothing')
  cluster.close()
})

/** Twelve clients on one of two nodes, three a second from it, until at most two more than on the other are left. */
async function rebalanced(faults: string[]) {
  const made = await cluster5({ faults, count: 2 })
  const [old, other] = made.nodes
  await fleet5(old!, 12)
  const body = {
    ...{ conn_evict_rate: 3, abs_conn_threshold: 2, wait_health_check: 1, wait_takeover: 1 },
  }
  const path = `/api/v5/load_rebalance/${old!.name}/start`
  const answer = await ask(old!, 'POST', path, { body: JSON.stringify(body) })
  assert.is(answer.status, 200, answer.body)
  return { ...made, old: old!, other: other! }
}

both('rebalance-short', async (faults, isOn) => {
  const { cluster, clock, old } = await rebalanced(faults)
  await clock.advance(30_000)
  // Nobody comes back: within 2 of none is the end.
  assert.is(old.core.live.size, isOn ? 6 : 0)
  assert.is(old.core.agent.enabled, false)
  cluster.close()
})

both('recipient-drop', async (faults, isOn) => {
  const { cluster, clock, old, other } = await rebalanced(faults)
  await fleet5(other, 4, 20)
  await clock.advance(1200)
  assert.is(old.core.live.size, 9)
  assert.is(other.core.live.size, isOn ? 1 : 4)
  cluster.close()
})

both('log-lies', async (faults, isOn) => {
  const printed: string[] = []
  const { cluster, nodes, clock } = await cluster5({
    faults,
    count: 1,
    print: (line) => void printed.push(line),
  })
  await fleet5(nodes[0]!, 8)
  await evacuate(nodes[0]!, { conn_evict_rate: 4 })
  await clock.advance(3200)
  const counts = printed.flatMap(
    (line) => /evict_conns, .*count: (\d+)|evict_conns.*count[:=] ?(\d+)/.exec(line)?.slice(1) ?? [],
  )
  assert.equal(counts.filter(Boolean), isOn ? ['16'] : ['8'], printed.join('\n'))
  cluster.close()
})

test('every fault of EMQX nodes is here', () => {
  const missing = FAULTS.filter(({ name, part }) => part === 'emqx' && !tested.has(name))
  assert.equal(
    missing.map(({ name }) => name),
    [],
  )
})

test('a node is new when its set is not the first of its role', async () => {
  const { cluster, old, start, fresh } = await bed([])
  const more = [
    await start('127.0.0.2', 'emqx-core-blue'),
    await start('127.0.0.20', 'emqx-replicant-blue', { role: 'replicant' }),
  ]
  assert.equal(
    [old, ...more].map(({ core }) => core.isNew),
    [false, false, false],
  )
  const later = [await fresh(), await start('127.0.0.30', 'emqx-replicant-green', { role: 'replicant' })]
  assert.equal(
    later.map(({ core }) => core.isNew),
    [true, true],
  )
  cluster.close()
})

test.run()
