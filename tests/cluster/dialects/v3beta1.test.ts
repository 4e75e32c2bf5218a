/** EMQX of v3beta1 as its operator's source writes it; nothing of it was recorded. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { v3beta1 } from '#weir/cluster/dialects/v3beta1.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'

const member = (name: string, version: string, status = 'running', role = 'core') => ({
  ...{ name, podName: name, status, version, role },
  ...{ sessions: 3, connections: 2 },
})

const condition = (type: string, status: string, reason = type, observedGeneration = 2) => ({
  ...{ type, status, reason, message: '', observedGeneration },
})

function emqx({ spec = {}, status = {} }: { spec?: object; status?: object } = {}): KubeObject {
  return {
    apiVersion: 'apps.emqx.io/v3beta1',
    kind: 'EMQX',
    metadata: { name: 'emqx', namespace: 'default', generation: 2 },
    spec: { image: 'emqx/emqx:6.2.2', coreTemplate: { spec: { replicas: 2 } }, ...spec },
    status,
  } as KubeObject
}

const BOTH = [member('emqx-core-0', '6.2.2'), member('emqx-core-1', '6.2.2')]

test('settled: Ready of this generation, with as many nodes as wanted, all of the wanted version', () => {
  const settled = (conditions: object[], coreNodes: object[]) =>
    v3beta1.readStatus(emqx({ status: { conditions, coreNodes } })).settled
  const ready = [condition('Ready', 'True')]
  assert.is(settled(ready, BOTH), true)
  assert.is(settled([condition('Ready', 'True', 'Ready', 1)], BOTH), false, 'of the generation before')
  assert.is(settled([condition('Ready', 'False', 'CoreNodesProgressing')], BOTH), false)
  assert.is(settled(ready, [BOTH[0]!, member('emqx-core-1', '6.2.1')]), false, 'one is old')
  assert.is(settled(ready, [BOTH[0]!, member('emqx-core-1', '6.2.2', 'stopped')]), false)
})

test('updating: cores or replicants roll; the status tells what members hold', () => {
  const conditions = [
    condition('CoreNodesProgressing', 'True', 'RollingUpdate'),
    condition('Ready', 'False', 'X'),
  ]
  const status = v3beta1.readStatus(emqx({ status: { conditions, coreNodes: BOTH } }))
  assert.is(status.updating, true)
  assert.is(status.condition, 'X')
  assert.equal(status.nodes[0], {
    node: 'emqx-core-0',
    running: true,
    version: '6.2.2',
    connections: 3,
    liveConnections: 2,
  })
  const scaling = [condition('CoreNodesProgressing', 'True', 'ScalingUp')]
  assert.is(v3beta1.readStatus(emqx({ status: { conditions: scaling } })).updating, false)
})

test('the numbers of an update, as they are and where nothing is said', () => {
  const evacuationStrategy = {
    connectionEvictionRate: 20,
    sessionEvictionRate: 30,
    waitTakeover: 4,
    waitHealthCheck: 5,
  }
  assert.equal(v3beta1.readStrategy(emqx({ spec: { updateStrategy: { evacuationStrategy } } })), {
    replicas: 2,
    servingReplicas: 2,
    connEvictRate: 20,
    sessEvictRate: 30,
    waitTakeoverSeconds: 4,
    initialDelaySeconds: 0,
    healthCheckWaitSeconds: 5,
    byDefault: false,
  })
  const unsaid = v3beta1.readStrategy(emqx())
  assert.equal([unsaid.connEvictRate, unsaid.healthCheckWaitSeconds, unsaid.byDefault], [1000, 60, true])
  const off = v3beta1.readStrategy(
    emqx({ spec: { updateStrategy: { evacuationStrategy: { type: 'Disabled' } } } }),
  )
  assert.is(off.connEvictRate, 0, 'nodes are not evacuated')
})

test('replicants that may be evacuated at once: those that may be away, and one more for each that came beyond their number', () => {
  const atOnce = (replicants: object, replicas = 4) =>
    v3beta1.readStrategy(
      emqx({ spec: { replicantTemplate: { spec: { replicas } }, updateStrategy: { replicants } } }),
    ).nodesAtOnce ?? 1
  assert.is(atOnce({}), 1)
  assert.is(atOnce({ maxUnavailable: 2 }), 2)
  assert.is(atOnce({ maxUnavailable: 1, maxSurge: 1 }), 2)
  assert.is(atOnce({ maxUnavailable: 0, maxSurge: 2 }), 2)
  assert.is(atOnce({ maxUnavailable: '50%' }), 2)
  assert.is(atOnce({ maxUnavailable: '30%', maxSurge: '30%' }), 3, 'one rounds down, the other up')
  assert.is(atOnce({ maxUnavailable: 9 }), 4, 'no more than there are')
  assert.is(atOnce({ maxUnavailable: 'abc' }), 1)
})

test('a number of connections is written where the configuration is: as structure or as text', () => {
  const patchOf = (config: object) => v3beta1.limitChange(emqx({ spec: { config } }), 70, undefined)
  assert.equal(patchOf({ roots: { mqtt: {} } }), {
    resource: v3beta1.resource,
    name: 'emqx',
    patch: { spec: { config: { roots: { license: { dynamic_max_connections: 70 } } } } },
    shown: { 'license.dynamic_max_connections in spec.config.roots': '70' },
  })
  assert.match(JSON.stringify(patchOf({ data: '' })), /license\.dynamic_max_connections = 70/)
})

test.run()
