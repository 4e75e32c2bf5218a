/** The scenarios that come with weir. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { describeScenario, listScenarios, loadScenario } from '#weir/scenarios/index.ts'
import { interferenceOn } from '../../acceptance/interference.ts'

const DIALECTS = ['v1beta4', 'v2beta1']

test('every scenario that comes with weir is valid, and bears its file’s name', () => {
  const all = listScenarios()
  assert.equal(
    all.map(({ name }) => name),
    [
      'blue-green',
      'blue-green-quick',
      'blue-green-v5',
      'blue-green-v5-defaults',
      'blue-green-v5-quick',
      'blue-green-v5-replicants',
      'connections-address',
      'connections-address-v5',
      'connections-load-balancer',
      'connections-load-balancer-v5',
      'connections-lower',
      'connections-lower-v5',
      'connections-race',
      'connections-race-v5',
      'connections-raise',
      'connections-raise-v5',
      'delete',
      'delete-v5',
      'downgrade',
      'downgrade-v5',
      'logs',
      'logs-v5',
      'network-back',
      'network-back-v5',
      'network-clusterip',
      'network-clusterip-v5',
      'network-loadbalancer',
      'network-loadbalancer-v5',
      'network-nodeport',
      'network-nodeport-v5',
      'network-operator',
      'network-operator-v5',
      'rebalance',
      'rebalance-v5',
      'resize-down',
      'resize-down-v5',
      'resize-unschedulable',
      'resize-unschedulable-rolling',
      'resize-unschedulable-v5',
      'resize-up',
      'resize-up-v5',
      'rolling',
      'rolling-evacuation-v3',
      'rolling-evacuation-v3-quick',
      'rolling-evacuation-v3-replicants',
      'scale-in-drained',
      'scale-in-drained-v5',
      'scale-in-raw',
      'scale-in-raw-v5',
      'scale-out',
      'scale-out-v5',
      'stop-start',
      'stop-start-v5',
      'stop-start-volumes-v5',
      'transfer',
      'transfer-v5',
      'upgrade',
      'upgrade-crash-looping',
      'upgrade-crash-looping-v5',
      'upgrade-same-version',
      'upgrade-same-version-v5',
      'upgrade-unpullable',
      'upgrade-unpullable-v5',
      'upgrade-v5',
      ...DIALECTS.flatMap(interferenceOn),
    ].sort(),
  )
  for (const { name, description } of all) {
    const scenario = loadScenario(name)
    assert.is(scenario.name, name)
    assert.is(scenario.description.trim(), description)
    if (scenario.control) assert.is(loadScenario(scenario.control).name, scenario.control)
    assert.match(describeScenario(scenario), new RegExp(`^${name}: `))
  }
})

test('blue-green has the numbers of the documentation it is taken from', () => {
  const { cluster, fleet, observe, testbed } = loadScenario('blue-green')
  assert.is(fleet.clients, 3000)
  assert.equal(fleet.arrival, { kind: 'interval', everyMs: 10 })
  assert.is(observe.scrapeIntervalSeconds, 10)
  assert.is(testbed.pollIntervalSeconds, 20)
  const { spec } = cluster.manifest as { spec: Record<string, unknown> }
  assert.is(spec.replicas, 3)
  assert.equal(spec.blueGreenUpdate, {
    initialDelaySeconds: 5,
    evacuationStrategy: { waitTakeover: 5, connEvictRate: 10, sessEvictRate: 10 },
  })
  assert.match(JSON.stringify(spec.serviceTemplate), '"nodePort":32010')
  const shares = fleet.groups.map(({ share, persistent }) => (persistent ? share : 0))
  assert.is(
    shares.reduce((a, b) => a + b) * 2,
    fleet.groups.reduce((sum, { share }) => sum + share, 0),
  )
})

test('rolling is blue-green without blueGreenUpdate, held to the rates of blue-green', () => {
  const rolling = loadScenario('rolling')
  const blueGreen = loadScenario('blue-green')
  const { blueGreenUpdate, ...spec } = (blueGreen.cluster.manifest as { spec: Record<string, unknown> }).spec
  assert.ok(blueGreenUpdate)
  assert.equal((rolling.cluster.manifest as { spec: unknown }).spec, spec)
  assert.equal(rolling.fleet, blueGreen.fleet)
  assert.equal(rolling.cluster.judgeAs, {
    connEvictRate: 10,
    sessEvictRate: 10,
    waitTakeoverSeconds: 5,
    initialDelaySeconds: 5,
  })
})

test('the scenarios of EMQX 5 differ in what their names say, and in nothing else', () => {
  const whole = loadScenario('blue-green-v5')
  const specOf = (name: string) =>
    (loadScenario(name).cluster.manifest as { spec: Record<string, unknown> }).spec
  const { updateStrategy, ...bare } = specOf('blue-green-v5')
  assert.equal(updateStrategy, {
    type: 'Recreate',
    initialDelaySeconds: 5,
    evacuationStrategy: { waitTakeover: 5, connEvictRate: 25, sessEvictRate: 25 },
  })
  assert.equal(specOf('blue-green-v5-defaults'), bare)
  assert.equal(specOf('blue-green-v5-replicants'), {
    ...specOf('blue-green-v5'),
    coreTemplate: { spec: { replicas: 2 } },
    replicantTemplate: { spec: { replicas: 2 } },
  })
  assert.equal(
    loadScenario('blue-green-v5-defaults').cluster.judgeAs,
    loadScenario('rolling').cluster.judgeAs,
  )
  for (const name of ['blue-green-v5-replicants', 'blue-green-v5-defaults'])
    assert.equal(loadScenario(name).fleet, whole.fleet, name)
  for (const name of ['blue-green-v5', 'blue-green-v5-quick', 'blue-green-v5-replicants'])
    assert.equal(
      [loadScenario(name).testbed.pollIntervalSeconds, loadScenario(name).control],
      [1, 'scale-in-raw-v5'],
    )
})
test.run()
