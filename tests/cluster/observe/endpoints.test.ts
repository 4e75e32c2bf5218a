import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EndpointMembers } from '#weir/cluster/observe/endpoints.ts'

const slice = (name: string, ...endpoints: object[]) => ({ metadata: { name }, endpoints })
const pod = (name: string, ready?: boolean | null) => ({
  addresses: ['10.0.0.1'],
  conditions: ready === undefined ? {} : { ready },
  targetRef: { kind: 'Pod', name },
})

test('ready members over all slices, sorted; unknown readiness counts as ready', () => {
  const members = new EndpointMembers(() => undefined)
  assert.equal(members.take(slice('a', pod('p2', true), pod('p0', null), pod('p9', false)), false), [
    'p0',
    'p2',
  ])
  assert.equal(members.take(slice('b', pod('p1')), false), ['p0', 'p1', 'p2'])
  assert.equal(members.take(slice('a'), true), ['p1'])
})

test('told only when they change', () => {
  const members = new EndpointMembers(() => undefined)
  members.take(slice('a', pod('p0', true)), false)
  assert.is(members.take(slice('b', pod('p0', true)), false), undefined)
  assert.is(members.take(slice('a'), true), undefined)
  assert.equal(members.take(slice('b'), true), [])
})

test('an address without a reference is the pod that has it, or itself', () => {
  const pods = new Map([['10.0.0.7', 'p7']])
  const members = new EndpointMembers((ip) => pods.get(ip))
  assert.equal(members.take(slice('a', { addresses: ['10.0.0.7', '10.0.0.8'] }), false), ['10.0.0.8', 'p7'])
  pods.set('10.0.0.8', 'p8')
  assert.equal(members.changed(), ['p7', 'p8'], 'learnt later')
})

test.run()
