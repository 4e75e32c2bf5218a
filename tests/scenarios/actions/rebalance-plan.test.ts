/** What the plan shows of a rebalance is what the step sends, by each way that it may go. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { v1beta4 } from '#weir/cluster/dialects/v1beta4.ts'
import { v2beta1 } from '#weir/cluster/dialects/v2beta1.ts'
import { changesOf } from '#weir/scenarios/actions/change-of.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import type { Step } from '#weir/scenarios/types.ts'

const step = loadScenario('rebalance-v5').steps.find(
  (one): one is Extract<Step, { action: 'rebalance' }> => 'action' in one && one.action === 'rebalance',
)!
const resource = {
  metadata: { name: 'emqx', namespace: 'space' },
  status: { coreNodes: ['emqx@a', 'emqx@b'].map((node) => ({ node, node_status: 'running' })) },
}
const planned = (more: Partial<typeof step>) => changesOf({ ...step, ...more }, v2beta1, resource)

test('by a way that the step names: this one', () => {
  const byResource = planned({ by: 'resource' })
  assert.equal(
    byResource.map(({ says }) => says),
    ['weir creates Rebalance space/weir-rebalance-emqx, and deletes it when it has ended:'],
  )
  const byEmqx = planned({ by: 'emqx' })
  assert.is(byEmqx.length, 1)
  assert.match(byEmqx[0]?.says ?? '', /^weir sends EMQX's API of emqx@a load_rebalance\/\{node\}\/start/)
  assert.equal((byEmqx[0]!.patch as { nodes: string[] }).nodes, ['emqx@a', 'emqx@b'])
})

test('by auto: both, and when which', () => {
  const [first, second, ...others] = planned({ by: 'auto' })
  assert.equal(others, [])
  assert.is(
    first?.says,
    'weir creates Rebalance space/weir-rebalance-emqx where the API server has that kind, and deletes it when it has ended:',
  )
  assert.match(second?.says ?? '', /^Where it has not, weir sends EMQX's API of emqx@a /)
  assert.equal(first?.patch, planned({ by: 'resource' })[0]?.patch)
  assert.equal(second?.patch, planned({ by: 'emqx' })[0]?.patch)
})

test('a wait of 0 is sent as it is: EMQX 5 accepts it, and the guard refuses it for EMQX 4.4', () => {
  const [byResource, byEmqx] = planned({ by: 'auto', waitHealthCheckSeconds: 0, waitTakeoverSeconds: 0 })
  const body = byEmqx!.patch as Record<string, unknown>
  assert.equal([body.wait_health_check, body.wait_takeover], [0, 0])
  const { spec } = byResource!.patch as { spec: { rebalanceStrategy: Record<string, unknown> } }
  assert.equal([spec.rebalanceStrategy.waitHealthCheck, spec.rebalanceStrategy.waitTakeover], [0, 0])
  assert.equal(
    [v1beta4, v2beta1].map(({ emqx }) => emqx.leastRebalanceWaitSeconds),
    [1, 0],
  )
})

test('another action has one change at most', () => {
  const upgrade = { action: 'upgrade', version: '5.8.9', deadlineSeconds: 60 } as const
  assert.equal(
    changesOf(upgrade, v2beta1, { ...resource, spec: { image: 'emqx/emqx-enterprise:5.8.6' } }).length,
    1,
  )
  assert.equal(changesOf({ action: 'start-fleet', deadlineSeconds: 60 } as never, v2beta1, resource), [])
})

test.run()
