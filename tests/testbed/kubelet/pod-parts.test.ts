import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import {
  clusterKeyOf,
  type EmqxContainer,
  environmentOf,
  nodeNameOf,
  roleOf,
  setNameOf,
} from '#weir/testbed/kubelet/emqx-pod.ts'
import { readImage, retryAfterMs } from '#weir/testbed/kubelet/image.ts'
import { AddressPool } from '#weir/testbed/kubelet/index.ts'
import { podStatus, withRemovals } from '#weir/testbed/kubelet/pod-status.ts'

test('which images exist', () => {
  for (const [image, pullable, version] of [
    ['emqx/emqx-ee:4.4.14', true, '4.4.14'],
    ['docker.io/emqx/emqx-ee:4.4.24', true, '4.4.24'],
    ['registry.local:5000/emqx/emqx-ee:4.4.19', true, '4.4.19'],
    ['emqx/emqx-ee:4.4.13', false, undefined],
    ['emqx/emqx-ee:4.4.99', false, undefined],
    ['emqx/emqx-ee:5.8.9', false, undefined],
    ['emqx/emqx-enterprise:5.8.6', true, '5.8.6'],
    ['emqx/emqx-enterprise:5.8.9', true, '5.8.9'],
    ['emqx/emqx-enterprise:5.8.99', false, undefined],
    ['emqx/emqx-enterprise:4.4.14', false, undefined],
    ['emqx/emqx-ee:latest', false, undefined],
    ['emqx/emqx-ee', false, undefined],
    ['emqx/emqx-operator-reloader:0.0.2', true, undefined],
    ['emqx/emqx-operator-reloader:nightly', false, undefined],
    ['busybox:1.36.0', false, undefined],
  ] as const) {
    const read = readImage(image)
    assert.is(read.pullable, pullable, image)
    assert.is(read.emqxVersion, version, image)
  }
  assert.is(readImage('emqx/emqx-ee:4.4.14').canonical, 'docker.io/emqx/emqx-ee:4.4.14')
  assert.is(readImage('registry.local:5000/a/b:1').canonical, 'registry.local:5000/a/b:1')
  assert.is(readImage('busybox').canonical, 'docker.io/library/busybox:latest')
})

const pod = (more: Partial<Pod['spec']> = {}): Pod => ({
  metadata: { name: 'p-0', namespace: 'ns', uid: 'u', labels: { 'apps.emqx.io/instance': 'cr' } },
  spec: { containers: [{ name: 'emqx', image: 'emqx/emqx-ee:4.4.14' }], subdomain: 'cr-headless', ...more },
})

const emqx = (env: Record<string, string>, of: Pod = pod()): EmqxContainer => ({
  pod: of,
  env: new Map(Object.entries(env)),
})

test('the EMQX node name comes from the environment, else from the pod', () => {
  const domain = 'cr-headless.ns.svc.cluster.local'
  assert.is(nodeNameOf(emqx({ EMQX_NODE_NAME: 'n@h' })), 'n@h')
  assert.is(nodeNameOf(emqx({ EMQX_NODE__NAME: 'm@h', EMQX_NODE_NAME: 'n@h' })), 'm@h')
  assert.is(nodeNameOf(emqx({ EMQX_NAME: 'ee' })), `ee@p-0.${domain}`)
  assert.is(nodeNameOf(emqx({})), `cr@p-0.${domain}`)
  assert.is(
    nodeNameOf(emqx({ EMQX_CLUSTER__DNS__NAME: 'd.ns.svc.example' }, pod({ hostname: 'host' }))),
    'cr@host.d.ns.svc.example',
  )
})

test('pods with one discovery name are one cluster', () => {
  assert.is(clusterKeyOf(emqx({ EMQX_CLUSTER__DNS__NAME: 'x' })), 'x')
  assert.is(clusterKeyOf(emqx({})), 'ns/cr')
})

test('an EMQX 5 pod as the operator makes it: a core is called by DNS name, a replicant by address', () => {
  const made = (role: string, host: object): EmqxContainer => {
    const name = role === 'core' ? 'emqx-core-86f8cc759-1' : 'emqx-replicant-7b69c5db9-x2k4p'
    const set = name.replace(/-[^-]+$/, '')
    const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: set, uid: 'u', controller: true }
    const of: Pod = { ...pod(), metadata: { name, namespace: 's1', uid: 'p', ownerReferences: [owner] } }
    const env = [
      { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'EMQX_CLUSTER__DNS__NAME', value: 'emqx-headless.s1.svc.cluster.local' },
      { name: 'EMQX_HOST', ...host },
      { name: 'EMQX_NODE__ROLE', value: role },
      { name: 'EMQX_NODE__COOKIE', valueFrom: {} },
    ]
    return { pod: of, env: environmentOf(of, { name: 'emqx', image: 'i', env }, '127.9.9.9') }
  }
  const core = made('core', { value: '$(POD_NAME).$(EMQX_CLUSTER__DNS__NAME)' })
  assert.is(nodeNameOf(core), 'emqx@emqx-core-86f8cc759-1.emqx-headless.s1.svc.cluster.local')
  assert.is(roleOf(core), 'core')
  assert.is(setNameOf(core), 'emqx-core-86f8cc759')
  assert.is(core.env.has('EMQX_NODE__COOKIE'), false)
  const replicant = made('replicant', { valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } })
  assert.is(nodeNameOf(replicant), 'emqx@127.9.9.9')
  assert.is(roleOf(replicant), 'replicant')
  assert.is(setNameOf(replicant), 'emqx-replicant-7b69c5db9')
  assert.is(clusterKeyOf(core), clusterKeyOf(replicant))
})

test('a variable that refers to an unknown one keeps the reference, as Kubernetes does', () => {
  const env = [{ name: 'A', value: '$(B)-$(A)' }]
  assert.is(environmentOf(pod(), { name: 'c', image: 'i', env }, 'ip').get('A'), '$(B)-$(A)')
})

test('an address is not used again at once, and never twice', () => {
  const pool = new AddressPool('127.3.5.')
  const first = pool.take()
  assert.is(first, '127.3.5.2')
  pool.free(first)
  assert.is(pool.take(), '127.3.5.3')
  const rest = Array.from({ length: 252 }, () => pool.take())
  assert.is(new Set(rest).size, 252)
  assert.throws(() => pool.take(), /all addresses of 127\.3\.5\.0\/24 are taken/)
})

test('pulls are tried again ever more rarely', () => {
  assert.equal(
    [1, 2, 3, 4, 5, 6, 9].map(retryAfterMs),
    [15_000, 25_000, 43_000, 85_000, 165_000, 300_000, 300_000],
  )
})

test('conditions keep the time of their last change, and what has gone is taken back', () => {
  const facts = {
    hostIp: '127.0.0.1',
    podIp: undefined,
    startedAtMs: 0,
    containers: new Map(),
    reported: [],
  }
  const first = podStatus(pod(), facts, 1000)
  assert.is(first.phase, 'Pending')
  const emqx = { state: { running: { startedAt: 'x' } }, ready: true, restarts: 0, lastState: {} }
  const containers = new Map([['emqx', emqx]])
  const second = podStatus(pod(), { ...facts, containers, reported: first.conditions! }, 60_000)
  const time = (status: typeof first, type: string) =>
    status.conditions?.find((each) => each.type === type)?.lastTransitionTime
  assert.is(time(second, 'Initialized'), '1970-01-01T00:00:01Z')
  assert.is(time(second, 'Ready'), '1970-01-01T00:01:00Z')
  const patch = withRemovals(second, first.conditions!) as { conditions: { type: string; reason?: null }[] }
  assert.is(patch.conditions.find(({ type }) => type === 'Ready')?.reason, null)
  assert.not.ok('reason' in patch.conditions.find(({ type }) => type === 'Initialized')!)
})

test.run()
