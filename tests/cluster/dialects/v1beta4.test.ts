import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { v1beta4 } from '#weir/cluster/dialects/v1beta4.ts'
import { recorded } from '../recorded.ts'
import { courseOf } from './course.ts'

const course = (name: string) => courseOf(v1beta4, `v1beta4-${name}.cr`)

test('2.1.2: settled, then unchanged but stale, updating to the last node (also between two), settled', () => {
  assert.is(course('2.1.2-b-q6'), '-1 S2 -2 U20 S4')
})

test('2.2.29: the flash back to Running while the new set starts is not settled', () => {
  assert.is(course('2.2.29-b-r1'), '-1 S2 -2 U1 -1 U7 S4')
})

test('2.2.29: an image that cannot be pulled is never settled, although the operator says Running', () => {
  assert.is(course('2.2.29-f-r3'), '-1 S2 -2 U1 -5 S8')
})

test('2.1.2: a scale-out that hangs is never settled; scaled back it is', () => {
  assert.is(course('2.1.2-c-q7'), '-1 S2 -3 S5')
})

test('during a drain the status names sets, start and the evacuation with its figures', () => {
  const all = recorded('v1beta4-2.1.2-b-q6.cr').map(({ object }) => v1beta4.readStatus(object))
  const first = all.find(({ evacuations }) => evacuations.length > 0)!
  assert.is(first.oldSet, 'emqx-ee-5b7b6675b5')
  assert.is(first.newSet, 'emqx-ee-665f84d678')
  assert.is(first.startedUnixMs, Date.parse('2026-11-22T04:12:46Z'))
  const [evacuation] = first.evacuations
  assert.is(evacuation?.node, 'emqx-ee@emqx-ee-5b7b6675b5-2.emqx-ee-headless.q6.svc.cluster.local')
  assert.is(evacuation?.state, 'evicting_conns')
  assert.is(evacuation?.connectionEvictionRate, 5)
  assert.is(evacuation?.initialConnected, 94)
  assert.is(evacuation?.recipients.length, 3)
  const last = all.at(-1)!
  assert.is(last.nodes.filter(({ running }) => running).length, 3)
  assert.is(last.nodes.filter(({ running }) => !running).length, 3, 'stopped nodes stay listed, by name')
})

test('numbers, names and version are read from the resource', () => {
  const { object } = recorded('v1beta4-2.1.2-b-q6.cr')[0]!
  assert.equal(v1beta4.readStrategy(object), {
    replicas: 3,
    servingReplicas: 3,
    connEvictRate: 5,
    sessEvictRate: 5,
    waitTakeoverSeconds: 5,
    initialDelaySeconds: 5,
    byDefault: false,
  })
  assert.is(v1beta4.version(object), '4.4.14')
  assert.is(v1beta4.listenersService(object), 'emqx-ee')
  assert.is(
    v1beta4.nodeName(object, { metadata: { name: 'emqx-ee-5b7b6675b5-2' } }),
    'emqx-ee@emqx-ee-5b7b6675b5-2.emqx-ee-headless.q6.svc.cluster.local',
  )
})

test('a resource as a user writes it, before any webhook, has the operator’s own defaults', () => {
  const bare = { metadata: { name: 'e', namespace: 'n' }, spec: {} }
  assert.is(v1beta4.nodeName(bare, { metadata: { name: 'e-0' } }), 'e@e-0.e-headless.n.svc.cluster.local')
  assert.equal(v1beta4.readStrategy(bare), {
    replicas: 3,
    servingReplicas: 3,
    connEvictRate: 0,
    sessEvictRate: 0,
    waitTakeoverSeconds: 0,
    initialDelaySeconds: 0,
    byDefault: false,
  })
  assert.is(v1beta4.readStatus(bare).settled, false)
})

test.run()
