import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Service, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { statefulSet as stored } from '#weir/testbed/apiserver/kinds/sets.ts'
import { configOf, dashboardPorts, listenerPorts } from '#weir/testbed/operator/emqx5/config.ts'
import { HASH } from '#weir/testbed/operator/emqx5/names.ts'
import { setFor } from '#weir/testbed/operator/emqx5/pod-spec.ts'
import { headlessService } from '#weir/testbed/operator/emqx5/services.ts'
import { listenersService } from '#weir/testbed/operator/v2beta1/steps/services.ts'
import { budgets } from '#weir/testbed/operator/v2beta1/steps/sets.ts'
import type { Emqx } from '#weir/testbed/operator/v2beta1/types.ts'
import { recordedWatch } from '../recording.ts'

const lines = recordedWatch('v2beta1-2.2.29/b-s1')
const recorded = <T>(kind: string, name: string) =>
  lines.find((line) => line.kind === kind && line.object.metadata.name.startsWith(name))!.object as T
const cr = () => structuredClone(recorded<Emqx>('CR', 'emqx'))
const dashboard = dashboardPorts(configOf())
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown

const coresOf = (emqx: Emqx, collisions = 0) =>
  setFor(emqx, 'core', emqx.spec.coreTemplate, dashboard, collisions)

/** The same labels, whatever the template's hash is. */
function unhashed(set: StatefulSet): unknown {
  const hash = set.metadata.labels?.[HASH] ?? ''
  return JSON.parse(JSON.stringify(set.spec).replaceAll(hash, 'HASH'))
}

test("the cores' set is what the real operator made, with the API server's defaults", () => {
  const real = recorded<StatefulSet>('StatefulSet', 'emqx-core-')
  const own = plain(coresOf(cr())) as StatefulSet
  stored.decode?.(own)
  assert.equal(unhashed(own), unhashed(real))
  assert.match(own.metadata.name, /^emqx-core-[4-9bcdf]{1,10}$/)
  assert.is(own.metadata.name, `emqx-core-${own.metadata.labels?.[HASH]}`)
})

test('what changes a pod changes the name; replicas and rates do not', () => {
  const name = (change: (emqx: Emqx) => void) => {
    const emqx = cr()
    change(emqx)
    return coresOf(emqx).metadata.name
  }
  const first = name(() => {})
  assert.is.not(
    name((emqx) => {
      emqx.spec.image = 'emqx/emqx-enterprise:5.8.7'
    }),
    first,
  )
  assert.is.not(coresOf(cr(), 1).metadata.name, first)
  assert.is(
    name((emqx) => {
      emqx.spec.coreTemplate.spec.replicas = 5
      emqx.spec.updateStrategy.initialDelaySeconds = 99
      emqx.spec.config = { data: 'mqtt.max_topic_levels = 9' }
    }),
    first,
  )
})

test('a replicant is known by its address and keeps nothing', () => {
  const emqx = cr()
  emqx.spec.replicantTemplate = { spec: { ...emqx.spec.coreTemplate.spec, replicas: 2 } }
  const set = setFor(emqx, 'replicant', emqx.spec.replicantTemplate, dashboard, 0)
  assert.is(set.kind, 'ReplicaSet')
  const pod = set.spec.template.spec as {
    containers: { env: { name: string; value?: string; valueFrom?: unknown }[] }[]
  }
  const env = (name: string) => pod.containers[0]?.env.find((one) => one.name === name)
  assert.equal(env('EMQX_HOST'), {
    name: 'EMQX_HOST',
    valueFrom: { fieldRef: { fieldPath: 'status.podIP' } },
  })
  assert.is(env('EMQX_NODE__ROLE')?.value, 'replicant')
  assert.is(set.metadata.labels?.['apps.emqx.io/db-role'], 'replicant')
  assert.not('volumeClaimTemplates' in set.spec)
})

test('a claim takes the place of the empty data volume', () => {
  const emqx = cr()
  emqx.spec.coreTemplate.spec.volumeClaimTemplates = { resources: { requests: { storage: '1Gi' } } }
  const set = plain(coresOf(emqx)) as {
    spec: { volumeClaimTemplates: { metadata: { name: string } }[] } & StatefulSet['spec']
  }
  assert.is(set.spec.volumeClaimTemplates[0]?.metadata.name, 'emqx-core-data')
  const { volumes } = set.spec.template.spec as { volumes: { name: string }[] }
  assert.not(volumes.some(({ name }) => name === 'emqx-core-data'))
})

test('the Service that gives cores their names is the real one', () => {
  const { clusterIPs: _, ...real } = recorded<Service>('Service', 'emqx-headless').spec
  const own = headlessService(cr()).spec
  for (const [field, value] of Object.entries(own))
    assert.equal(value, (real as Record<string, unknown>)[field], field)
})

test('MQTT clients are sent to replicants once one runs', () => {
  const emqx = cr()
  const role = () =>
    listenersService(emqx, listenerPorts(configOf()))?.spec.selector?.['apps.emqx.io/db-role']
  emqx.spec.replicantTemplate = { spec: { replicas: 2 } }
  assert.is(role(), 'core')
  emqx.status = { replicantNodesStatus: { readyReplicas: 1 } }
  assert.is(role(), 'replicant')
  emqx.spec.replicantTemplate.spec.replicas = 0
  assert.is(role(), 'core')
  emqx.spec.listenersServiceTemplate = { enabled: false }
  assert.is(role(), undefined)
})

test('a budget for each role, with the bound that the template names', () => {
  const emqx = cr()
  emqx.spec.coreTemplate.spec.minAvailable = 2
  emqx.spec.replicantTemplate = { spec: { replicas: 2, maxUnavailable: '50%' } }
  const shown = () => budgets(emqx).map(({ metadata, spec }) => [metadata.name, spec])
  const labels = { 'apps.emqx.io/instance': 'emqx', 'apps.emqx.io/managed-by': 'emqx-operator' }
  assert.equal(shown(), [
    [
      'emqx-core',
      { minAvailable: 2, selector: { matchLabels: { ...labels, 'apps.emqx.io/db-role': 'core' } } },
    ],
    [
      'emqx-replicant',
      {
        maxUnavailable: '50%',
        selector: { matchLabels: { ...labels, 'apps.emqx.io/db-role': 'replicant' } },
      },
    ],
  ])
  emqx.spec.replicantTemplate.spec.replicas = 0
  assert.is(shown().length, 1)
})

test.run()
