import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { v2beta1 } from '#weir/cluster/dialects/v2beta1.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { recorded } from '../recorded.ts'
import { courseOf } from './course.ts'

const course = (name: string) => courseOf(v2beta1, `v2beta1-2.2.29-${name}.cr`)

test('an upgrade: settled, unchanged but stale after the patch, updating to the last node, settled', () => {
  assert.is(course('b-s1'), '-6 S1 -2 U73 -1 S2')
})

test('scaled out and in: neither settled nor updating while nodes come and go', () => {
  assert.is(course('c-s3'), '-6 S1 -6 S1 -6 S2')
})

test('an image that cannot be pulled keeps it updating; taken back, it settles', () => {
  assert.is(course('f-s2'), '-6 S1 -2 U3 -3 S2')
})

const upgrade = () => recorded('v2beta1-2.2.29-b-s1.cr')

test('during a drain the status names sets, start and the evacuation with its figures', () => {
  const all = upgrade().map(({ object }) => v2beta1.readStatus(object))
  const begun = all.find(({ startedUnixMs }) => startedUnixMs !== undefined)!
  assert.is(begun.condition, 'Available', 'the delay counts from Available')
  assert.is(begun.startedUnixMs, Date.parse('2026-11-22T04:04:22Z'))
  const first = all.find(({ evacuations }) => evacuations.length > 0)!
  assert.is(first.oldSet, 'emqx-core-86f8cc759')
  assert.is(first.newSet, 'emqx-core-7d54849c54')
  const [evacuation] = first.evacuations
  assert.is(evacuation?.node, 'emqx@emqx-core-86f8cc759-2.emqx-headless.s1.svc.cluster.local')
  assert.is(evacuation?.state, 'waiting_health_check')
  assert.is(evacuation?.connectionEvictionRate, 5)
  assert.is(evacuation?.initialConnected, 108)
  assert.is(evacuation?.recipients.length, 3)
  const last = all.at(-1)!
  assert.equal(
    last.nodes.map(({ running, version }) => [running, version]),
    [
      [true, '5.8.7'],
      [true, '5.8.7'],
      [true, '5.8.7'],
    ],
  )
  assert.not('startedUnixMs' in last)
  assert.not('oldSet' in last)
})

test('names and sets are those of the recorded objects', () => {
  const { object } = upgrade()[0]!
  const others = recorded('v2beta1-2.2.29-b-s1.objects')
  const pod = others.find(({ kind }) => kind === 'Pod')!.object
  assert.is(v2beta1.nodeName(object, pod), 'emqx@emqx-core-86f8cc759-0.emqx-headless.s1.svc.cluster.local')
  assert.is(v2beta1.role(pod), 'core')
  const services = others.filter(({ kind }) => kind === 'Service').map(({ object: one }) => one.metadata.name)
  assert.ok(services.includes(v2beta1.listenersService(object)))
  const sets = others.filter(({ kind }) => kind === 'StatefulSet').map(({ object: one }) => one.metadata.name)
  assert.ok(sets.includes('emqx-core-86f8cc759') && sets.includes('emqx-core-7d54849c54'))
})

test('numbers and version are read from the resource', () => {
  const { object } = upgrade()[0]!
  assert.equal(v2beta1.readStrategy(object), {
    replicas: 3,
    servingReplicas: 3,
    connEvictRate: 5,
    sessEvictRate: 5,
    waitTakeoverSeconds: 5,
    initialDelaySeconds: 5,
    byDefault: false,
  })
  assert.is(v2beta1.version(object), '5.8.6')
})

const emqx = (spec: object, status: object = {}): KubeObject => ({
  metadata: { name: 'e', namespace: 'n', generation: 1 },
  spec,
  status,
})

test('a resource as a user writes it has the operator’s own defaults', () => {
  const bare = emqx({ image: 'emqx/emqx-enterprise:5.8.6' })
  assert.equal(v2beta1.readStrategy(bare), {
    replicas: 2,
    servingReplicas: 2,
    connEvictRate: 1000,
    sessEvictRate: 1000,
    waitTakeoverSeconds: 10,
    initialDelaySeconds: 10,
    byDefault: true,
  })
  assert.is(v2beta1.readStatus(bare).settled, false)
  assert.is(v2beta1.listenersService(bare), 'e-listeners')
})

test('a tag of one’s own is not held against what nodes say of themselves', () => {
  const isSettled = (tag: string) =>
    v2beta1.readStatus(emqx({ ...spec, image: `registry:5000/acme/emqx:${tag}` }, settled)).settled
  for (const tag of ['acme-1.4.2', '2024.11.05', '20241105', '5f3c9a1', '5.8.9-acme.3'])
    assert.is(isSettled(tag), true, tag)
  assert.is(isSettled('5.8.7-acme.3'), false)
})

test('of a strategy that says less than all, only the rates have defaults', () => {
  const partial = emqx({ updateStrategy: { type: 'Recreate' } })
  const { connEvictRate, waitTakeoverSeconds, initialDelaySeconds } = v2beta1.readStrategy(partial)
  assert.equal([connEvictRate, waitTakeoverSeconds, initialDelaySeconds], [1000, 0, 0])
})

test('the version is the tag, wherever the image comes from; a digest goes when it changes', () => {
  const changed = (image: string) => v2beta1.versionPatch(emqx({ image }), '5.8.9')
  const to = (image: string) => ({ spec: { image } })
  assert.equal(changed('emqx/emqx-enterprise:5.8.6'), to('emqx/emqx-enterprise:5.8.9'))
  assert.equal(changed('registry:5000/emqx/emqx'), to('registry:5000/emqx/emqx:5.8.9'))
  assert.equal(changed('registry:5000/emqx:5.8.6@sha256:abc'), to('registry:5000/emqx:5.8.9'))
  assert.is(v2beta1.version(emqx({ image: 'registry:5000/emqx/emqx' })), undefined)
})

const node = (name: string, version: string, more: object = {}) => ({
  node: name,
  node_status: 'running',
  version,
  ...more,
})
const told = (count: number, current: string, update = current) => ({
  replicas: count,
  readyReplicas: count,
  currentRevision: current,
  updateRevision: update,
})
const condition = (type: string, at = '2026-11-22T04:00:00Z') => ({
  type,
  status: 'True',
  lastTransitionTime: at,
})
const spec = {
  image: 'emqx/emqx-enterprise:5.8.9',
  coreTemplate: { spec: { replicas: 2 } },
  replicantTemplate: { spec: { replicas: 1 } },
}
const settled = {
  conditions: [condition('Ready'), condition('Available')],
  coreNodes: [node('c0', '5.8.9'), node('c1', '5.8.9')],
  replicantNodes: [node('r0', '5.8.9')],
  coreNodesStatus: told(2, 'a'),
  replicantNodesStatus: told(1, 'x'),
}
const isSettled = (status: object, of: object = spec) => v2beta1.readStatus(emqx(of, status)).settled

test('cores and replicants must both be as wanted', () => {
  assert.is(isSettled(settled), true)
  assert.is(isSettled({ ...settled, replicantNodes: [node('r0', '5.8.6')] }), false, 'an old replicant')
  assert.is(isSettled({ ...settled, replicantNodesStatus: told(1, 'x', 'y') }), false, 'a revision to go')
  assert.is(
    isSettled({ ...settled, coreNodes: [...settled.coreNodes, node('c2', '5.8.9')] }),
    false,
    'a core too many',
  )
  assert.is(isSettled({ ...settled, replicantNodes: [] }), false, 'a replicant too few')
  const without = { ...spec, replicantTemplate: null }
  assert.is(isSettled(settled, without), false, 'replicants that nobody asked for')
  assert.is(isSettled({ ...settled, replicantNodes: [], replicantNodesStatus: {} }, without), true)
})

test('Available is not Ready, however long it lasts', () => {
  // A set left behind by a change that was taken back: readyReplicas counts its nodes too (docs/contract/operator.md#v2beta1-conditions).
  const left = {
    ...settled,
    conditions: [condition('Available')],
    coreNodesStatus: { ...told(2, 'a'), readyReplicas: 4 },
  }
  assert.is(isSettled(left), false)
  assert.is(isSettled({ ...left, conditions: settled.conditions }), false)
})

test('a tag that moves is the version of every node that begins with it; one without numbers tells nothing', () => {
  const tagged = (tag: string) => ({ ...spec, image: `emqx/emqx-enterprise:${tag}` })
  assert.is(isSettled(settled, tagged('5.8')), true)
  assert.is(isSettled(settled, tagged('5.9')), false)
  assert.is(isSettled(settled, tagged('latest')), true)
})

test('while replicants move, these are the sets; then the cores', () => {
  const both = {
    ...settled,
    conditions: [condition('Available', '2026-11-22T04:00:30Z')],
    coreNodesStatus: told(2, 'a', 'b'),
    replicantNodesStatus: told(1, 'x', 'y'),
  }
  const first = v2beta1.readStatus(emqx(spec, both))
  assert.equal([first.oldSet, first.newSet], ['e-replicant-x', 'e-replicant-y'])
  assert.is(first.startedUnixMs, Date.parse('2026-11-22T04:00:30Z'))
  const then = v2beta1.readStatus(emqx(spec, { ...both, replicantNodesStatus: told(1, 'y') }))
  assert.equal([then.oldSet, then.newSet, then.updating], ['e-core-a', 'e-core-b', true])
})

test('a replicant is named by its address, once it has one', () => {
  const resource = emqx({})
  const pod = (podIP?: string): KubeObject => ({
    metadata: { name: 'e-replicant-x-abc', labels: { 'apps.emqx.io/db-role': 'replicant' } },
    status: podIP ? { podIP } : {},
  })
  assert.is(v2beta1.nodeName(resource, pod()), undefined)
  assert.is(v2beta1.nodeName(resource, pod('10.1.2.3')), 'emqx@10.1.2.3')
  assert.is(v2beta1.role(pod()), 'replicant')
})

test.run()
