/** What the API server refuses to those who carry a rollout out, in the words of Kubernetes' and the operator's Events. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Refusals } from '#weir/cluster/observe/refusals.ts'

const SET = 'emqx-core-6b7f'
const WEBHOOK =
  'admission webhook "validate.kyverno.svc-fail" denied the request: registry acme is not allowed'

const set = (replicas: number, more: { generation?: number; wanted?: number; name?: string } = {}) => ({
  metadata: { name: more.name ?? SET, uid: more.name ?? SET, generation: more.generation ?? 1 },
  spec: { replicas: more.wanted ?? 3 },
  status: { replicas },
})

const event = (
  reason: string,
  message: string,
  more: { at?: number; kind?: string; name?: string } = {},
) => ({
  metadata: { name: 'event' },
  type: reason.startsWith('Successful') ? 'Normal' : 'Warning',
  reason,
  message,
  lastTimestamp: new Date(1.8e12 + (more.at ?? 0) * 1000).toISOString(),
  involvedObject: { kind: more.kind ?? 'StatefulSet', name: more.name ?? SET },
})

const failed = (why: string, at?: number) =>
  event('FailedCreate', `create Pod ${SET}-0 in StatefulSet ${SET} failed error: ${why}`, { at })

/** What was reported, in order: the reason, or "over". */
const words = (...reports: ReturnType<Refusals['event']>[]) =>
  reports.flat().map(({ kind, name, why }) => `${kind} ${name}: ${why ?? 'over'}`)

test('a pod that a webhook, a quota or Pod Security refuses to a set, in the words of the server', () => {
  for (const why of [
    WEBHOOK,
    `pods "${SET}-0" is forbidden: exceeded quota: compute, requested: limits.cpu=2, used: limits.cpu=4, limited: limits.cpu=4`,
    `pods "${SET}-0" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false`,
  ]) {
    const refusals = new Refusals('EMQX')
    assert.equal(refusals.set('StatefulSet', set(0), false), [])
    assert.equal(words(refusals.event(failed(why), false)), [`StatefulSet ${SET}: ${why}`])
    assert.equal(words(refusals.event(failed(why, 5), false)), [], 'the same again is nothing new')
  }
})

test('a ReplicaSet’s words; Events that were combined', () => {
  const refusals = new Refusals('EMQX')
  refusals.set('ReplicaSet', set(0), false)
  const message =
    '(combined from similar events): Error creating: pods "x-abcde" is forbidden: exceeded quota: q'
  assert.equal(words(refusals.event(event('FailedCreate', message, { kind: 'ReplicaSet' }), false)), [
    `ReplicaSet ${SET}: pods "x-abcde" is forbidden: exceeded quota: q`,
  ])
})

test('a refusal is over when the set creates a pod, has all, or is deleted', () => {
  const refused = () => {
    const refusals = new Refusals('EMQX')
    refusals.set('StatefulSet', set(0), false)
    refusals.event(failed(WEBHOOK), false)
    return refusals
  }
  const over = [`StatefulSet ${SET}: over`]
  const created = event('SuccessfulCreate', `create Pod ${SET}-0 in StatefulSet ${SET} successful`, { at: 9 })
  assert.equal(words(refused().event(created, false)), over)
  assert.equal(words(refused().set('StatefulSet', set(3), false)), over)
  assert.equal(words(refused().set('StatefulSet', set(0), true)), over)
  assert.equal(words(refused().set('StatefulSet', set(1), false)), [], 'others may still be refused')
  const early = event('SuccessfulCreate', 'an hour ago', { at: -3600 })
  assert.equal(words(refused().event(early, true)), [], 'Events are listed in any order')
})

test('what was refused to a set that has its pods is no news', () => {
  const refusals = new Refusals('EMQX')
  assert.equal(words(refusals.event(failed(WEBHOOK), true), refusals.set('StatefulSet', set(3), false)), [])
  assert.equal(words(refusals.set('StatefulSet', set(2), false)), [], 'nor when it lacks one later')
})

test('what is refused to the operator stands until it changes a set', () => {
  const refusals = new Refusals('EMQX')
  const report = { kind: 'EMQX', name: 'emqx' }
  const message = `failed to create StatefulSet: ${WEBHOOK}`
  refusals.set('StatefulSet', set(3, { name: 'old' }), false)
  assert.equal(
    words(refusals.event(event('ReconcilerFailed', message, report), true)),
    [],
    'long over, maybe',
  )
  assert.equal(words(refusals.event(event('ReconcilerFailed', message, report), false)), [
    `EMQX emqx: ${message}`,
  ])
  assert.equal(words(refusals.set('StatefulSet', set(2, { name: 'old' }), false)), [], 'its status alone')
  assert.equal(words(refusals.set('StatefulSet', set(0), false)), ['EMQX emqx: over'])
})

test('what is no refusal, or about something else, is none', () => {
  const refusals = new Refusals('EMQX')
  refusals.set('StatefulSet', set(0), false)
  for (const one of [
    event('ReconcilerFailed', 'Operation cannot be fulfilled: the object has been modified', {
      kind: 'EMQX',
    }),
    event(
      'FailedCreate',
      `create Pod ${SET}-0 failed error: object is being deleted: pods "${SET}-0" already exists`,
    ),
    event('FailedDelete', 'delete Pod x failed error: y is forbidden: z'),
    event('FailedScheduling', '0/3 nodes are available: forbidden', { kind: 'Pod', name: `${SET}-0` }),
    event('FailedCreate', WEBHOOK, { kind: 'Job', name: 'emqx-job' }),
    { metadata: { name: 'bare' } },
  ])
    assert.equal(words(refusals.event(one, false)), [])
})

test.run()
