import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { v1beta4 } from '#weir/cluster/dialects/v1beta4.ts'
import { v2beta1 } from '#weir/cluster/dialects/v2beta1.ts'
import { observe } from '#weir/cluster/observe/index.ts'
import type { ClusterObservation } from '#weir/cluster/types.ts'
import { FakeKube } from '../fake-kube.ts'
import { recorded } from '../recorded.ts'

const KIND: Record<string, string> = { CR: 'EmqxEnterprise' }

async function observed(
  kube: FakeKube,
  under: Pick<Parameters<typeof observe>[0], 'name' | 'dialect'> = { name: 'emqx-ee', dialect: v1beta4 },
) {
  const told: ClusterObservation[] = []
  const observing = await observe({ kube, namespace: 'q6', ...under }, (one) => told.push(one))
  const of = <T extends ClusterObservation['type']>(type: T) =>
    told.filter((one): one is Extract<ClusterObservation, { type: T }> => one.type === type)
  return { told, of, stop: () => observing.stop() }
}

/** Replays a recorded upgrade of operator 2.1.2 through the watches. */
async function replayed() {
  const kube = new FakeKube()
  const run = await observed(kube)
  for (const { kind, type, object } of recorded('v1beta4-2.1.2-b-q6.objects'))
    kube.watches.get(KIND[kind] ?? kind)?.onEvent(type === 'INITIAL' ? 'ADDED' : type, object)
  return run
}

test('a real upgrade: the Service leads to the old set, then at once to the new one, and is empty only before and after', async () => {
  const { of, stop } = await replayed()
  await stop()
  const members = of('endpoints').filter(({ service }) => service === 'emqx-ee')
  const sets = members.map(
    ({ ready }) => [...new Set(ready.map((pod) => pod.split('-').at(-2)))].join('+') || 'none',
  )
  assert.equal(
    sets.filter((set, index) => set !== sets[index - 1]),
    ['none', '5b7b6675b5', '665f84d678', 'none'],
  )
  assert.ok(members.filter(({ ready }) => ready.length > 0).every(({ ready }) => ready.length === 3))
})

test('a real upgrade: six pods of two sets, each with the node name that EMQX uses', async () => {
  const { of, stop } = await replayed()
  await stop()
  const pods = of('pod')
  const names = [...new Set(pods.map(({ name }) => name))].sort()
  assert.is(names.length, 6)
  for (const pod of pods) {
    assert.is(pod.node, `emqx-ee@${pod.name}.emqx-ee-headless.q6.svc.cluster.local`)
    assert.is(pod.set, pod.name.replace(/-\d$/, ''))
    assert.match(pod.image ?? '', /^emqx\/emqx-ee:4\.4\.1[45]$/)
  }
  assert.is(pods.filter(({ deleted }) => deleted).length, 6)
  const deleting = pods.filter((pod) => pod.deleting && !pod.deleted).map(({ name }) => name)
  assert.equal(
    [...new Set(deleting)].slice(0, 3),
    [2, 1, 0].map((ordinal) => `emqx-ee-5b7b6675b5-${ordinal}`),
  )
})

test('a real upgrade: sets go from three to none, raw evidence stands beside every fact', async () => {
  const { of, told, stop } = await replayed()
  await stop()
  const old = of('set').filter(({ name }) => name === 'emqx-ee-5b7b6675b5')
  const steps = old.map(({ specReplicas }) => specReplicas).filter((count, i, all) => count !== all[i - 1])
  assert.equal(steps, [3, 2, 1, 0])
  assert.ok(old.every(({ kind, createdUnixMs }) => kind === 'StatefulSet' && createdUnixMs > 1.7e12))
  assert.is(told[0]?.type, 'watch')
  assert.is(of('watch').filter(({ kind }) => kind === 'Pod').length, of('pod').length)
  assert.not(JSON.stringify(of('watch')).includes('managedFields'))
})

const labels = { 'apps.emqx.io/instance': 'emqx', 'apps.emqx.io/db-role': 'replicant' }
const emqx = { metadata: { name: 'emqx', uid: 'cr' }, spec: { image: 'emqx/emqx-enterprise:5.8.9' } }
const replicant = (podIP?: string) => ({
  metadata: {
    name: 'emqx-replicant-x-abcde',
    uid: 'replicant',
    labels,
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'emqx-replicant-x', uid: 's' }],
  },
  status: { phase: 'Pending', ...(podIP === undefined ? {} : { podIP }) },
})

test('a real upgrade of v2beta1: both sets for a moment, then the new one alone', async () => {
  const kube = new FakeKube()
  const { of, stop } = await observed(kube, { name: 'emqx', dialect: v2beta1 })
  for (const { kind, type, object } of recorded('v2beta1-2.2.29-b-s1.objects'))
    kube.watches.get(kind === 'CR' ? 'EMQX' : kind)?.onEvent(type === 'INITIAL' ? 'ADDED' : type, object)
  await stop()
  const sets = of('endpoints').map(
    ({ service, ready }) =>
      `${service}: ${[...new Set(ready.map((pod) => pod.split('-').at(-2)))].sort().join('+') || 'none'}`,
  )
  assert.equal(
    sets.filter((set, index) => set !== sets[index - 1]),
    ['none', '86f8cc759', '7d54849c54+86f8cc759', '7d54849c54', 'none'].map(
      (set) => `emqx-listeners: ${set}`,
    ),
  )
  const pods = of('pod')
  assert.is(new Set(pods.map(({ name }) => name)).size, 6)
  for (const pod of pods) {
    assert.is(pod.node, `emqx@${pod.name}.emqx-headless.s1.svc.cluster.local`)
    assert.is(pod.role, 'core')
  }
})

test('the sets of replicants are told, and their pods before they have an address', async () => {
  const kube = new FakeKube().put('EMQX', emqx)
  const { of, stop } = await observed(kube, { name: 'emqx', dialect: v2beta1 })
  kube.watches.get('ReplicaSet')!.onEvent('ADDED', {
    metadata: { name: 'emqx-replicant-x', labels, creationTimestamp: '2026-11-22T04:00:00Z' },
    spec: { replicas: 2 },
    status: { replicas: 2, readyReplicas: 1 },
  })
  kube.watches.get('Pod')!.onEvent('ADDED', replicant())
  kube.watches.get('Pod')!.onEvent('MODIFIED', replicant('10.0.0.9'))
  await stop()
  assert.is(kube.selectors.get('ReplicaSet'), 'apps.emqx.io/instance=emqx')
  const [set] = of('set')
  assert.equal(
    [set?.kind, set?.name, set?.specReplicas, set?.readyReplicas],
    ['ReplicaSet', 'emqx-replicant-x', 2, 1],
  )
  assert.is(of('watch').filter(({ kind }) => kind === 'ReplicaSet').length, 1)
  assert.equal(
    of('pod').map((pod) => [pod.node, pod.role, pod.set]),
    [
      ['', 'replicant', 'emqx-replicant-x'],
      ['emqx@10.0.0.9', 'replicant', 'emqx-replicant-x'],
    ],
  )
})

test('pods heard of before the resource are told once the resource names their nodes', async () => {
  const all = recorded('v1beta4-2.1.2-b-q6.objects')
  const cr = all.find(({ kind }) => kind === 'CR')!.object
  const pod = all.find(({ kind }) => kind === 'Pod')!.object
  const kube = new FakeKube().put('Pod', pod)
  const { of, stop } = await observed(kube)
  assert.is(of('pod').length, 0)
  kube.watches.get('EmqxEnterprise')!.onEvent('ADDED', cr)
  assert.is(of('pod').length, 1)
  await stop()
})

test('a gap is told when it begins and when it ends, and what happened meanwhile when it is learnt', async () => {
  const all = recorded('v1beta4-2.1.2-b-q6.objects')
  const cr = all.find(({ kind }) => kind === 'CR')!.object
  const pods = all.filter(({ kind, type }) => kind === 'Pod' && type === 'ADDED').map(({ object }) => object)
  const kube = new FakeKube().put('EmqxEnterprise', cr).put('Pod', pods[0]!, pods[1]!)
  const { of, stop } = await observed(kube)
  assert.equal(
    of('watch')
      .filter(({ kind }) => kind === 'Pod')
      .map(({ event }) => event),
    ['INITIAL', 'INITIAL'],
  )
  const watch = kube.watches.get('Pod')!
  watch.onGap('socket hang up', 1000)
  watch.onGap('ECONNREFUSED', 1000)
  watch.onGap('ECONNREFUSED', 1000)
  assert.equal(
    of('gap').map(({ phase, reason }) => [phase, reason]),
    [
      ['begin', 'socket hang up'],
      ['goes-on', 'ECONNREFUSED'],
    ],
    'retries within one gap are one gap, whose reason may change',
  )
  watch.onList([pods[1]!, pods[2]!], '9')
  assert.equal(
    of('gap').map(({ phase, kind, lastHeardUnixMs }) => [phase, kind, lastHeardUnixMs]),
    [
      ['begin', 'Pod', 1000],
      ['goes-on', 'Pod', 1000],
      ['end', 'Pod', 1000],
    ],
  )
  const later = of('watch').slice(-2)
  assert.equal(
    later.map(({ event, name }) => [event, name]),
    [
      ['ADDED', pods[2]!.metadata.name],
      ['DELETED', pods[0]!.metadata.name],
    ],
  )
  await stop()
  assert.is(of('gap').length, 3, 'no gap is open at the end')
})

test('a watch that is resumed ends its gap: as unchanged where nothing had happened, with what had where something had', async () => {
  const all = recorded('v1beta4-2.1.2-b-q6.objects')
  const cr = all.find(({ kind }) => kind === 'CR')!.object
  const pod = all.find(({ kind }) => kind === 'Pod')!.object
  const kube = new FakeKube().put('EmqxEnterprise', cr).put('Pod', pod)
  const { of, stop } = await observed(kube)
  for (const [kind, isChanged] of [
    ['Pod', true],
    ['EndpointSlice', false],
  ] as const) {
    const watch = kube.watches.get(kind)!
    watch.onGap('socket hang up', 1000)
    watch.onResumed!()
    if (isChanged) watch.onEvent('MODIFIED', pod)
  }
  await until(() => of('gap').length === 4)
  assert.equal(
    of('gap')
      .map(({ phase, kind, unchanged }) => [phase, kind, unchanged])
      .slice(2),
    [
      ['end', 'Pod', undefined],
      ['end', 'EndpointSlice', true],
    ],
  )
  await stop()
  assert.is(of('gap').length, 4)
})

test('a watch that breaks again before it has settled is still one gap', async () => {
  const kube = new FakeKube()
  const { of, stop } = await observed(kube)
  const watch = kube.watches.get('Pod')!
  watch.onGap('socket hang up', 1000)
  watch.onResumed!()
  watch.onGap('socket hang up', 2000)
  await stop()
  assert.equal(
    of('gap').map(({ phase, lastHeardUnixMs, unchanged }) => [phase, lastHeardUnixMs, unchanged]),
    [
      ['begin', 1000, undefined],
      ['end', 1000, undefined],
    ],
  )
})

async function until(holds: () => boolean): Promise<void> {
  for (const endMs = Date.now() + 30_000; !holds(); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() > endMs) throw new Error('it never came')
}

test('a gap that is still open when observing stops is told again then', async () => {
  const kube = new FakeKube()
  const { of, stop } = await observed(kube)
  kube.watches.get('EndpointSlice')!.onGap('ECONNREFUSED', 5)
  await stop()
  assert.is(of('gap').length, 2)
})

test('what belongs to another cluster in the namespace is left alone', async () => {
  const kube = new FakeKube()
  const { told, stop } = await observed(kube)
  const named = (name: string, more: object = {}) => ({
    metadata: { name, namespace: 'q6', uid: name },
    ...more,
  })
  kube.watches.get('EmqxEnterprise')!.onEvent('ADDED', named('other'))
  kube.watches.get('Service')!.onEvent('ADDED', named('other'))
  kube.watches.get('EndpointSlice')!.onEvent('ADDED', {
    metadata: { name: 'x', labels: { 'kubernetes.io/service-name': 'other' } },
  })
  kube.watches.get('Event')!.onEvent('ADDED', named('e', { involvedObject: { name: 'other' } }))
  assert.is(told.length, 0)
  assert.is(kube.selectors.get('Pod'), 'apps.emqx.io/instance=emqx-ee')
  kube.watches.get('Event')!.onEvent('ADDED', named('f', { involvedObject: { name: 'emqx-ee-54fc496fb4' } }))
  assert.is(told.length, 1)
  await stop()
})

test('a first listing that fails is the caller’s to know', async () => {
  const kube = new FakeKube()
  kube.failure = new Error('no')
  let thrown: unknown
  await observed(kube).catch((error: unknown) => {
    thrown = error
  })
  assert.is((thrown as Error).message, 'no')
})

test.run()
