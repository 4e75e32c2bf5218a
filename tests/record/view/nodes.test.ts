import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Parameters, RecordEvent } from '#weir/facts/index.ts'
import { fleetOf, recordOf } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { GROUPS, mark, pod, S, set, viewed } from './small-record.ts'

test('old are the sets with replicas before the trigger, new the ones after it', () => {
  const view = viewed(
    [],
    [
      set('blue', 0, 1),
      set('leftover', 0, 0),
      mark('trigger', 5 * S),
      set('green', 6 * S, 1),
      pod('blue-0', 1 * S),
      pod('green-0', 7 * S),
      pod('leftover-0', 8 * S),
    ],
  )
  assert.equal(
    view.nodes.map((node) => `${node.pod} ${node.side} ${node.ordinal}`),
    ['blue-0 old 0', 'green-0 new 0', 'leftover-0 new 0'],
  )
})

test('in a rolling update the same set’s later pods are new, nodes of their own under the old name', () => {
  const view = viewed(
    [
      { t: 1 * S, client: 0, kind: 'connected', target: '10.0.0.1:1883' },
      { t: 9 * S, client: 1, kind: 'connected', target: '10.0.0.7:1883' },
    ],
    [
      set('blue', 0, 1),
      pod('blue-0', 0, { ip: '10.0.0.1' }),
      mark('trigger', 5 * S),
      pod('blue-0', 6 * S, { deleting: true }),
      pod('blue-0', 7 * S, { deleting: true, deleted: true }),
      pod('blue-0', 8 * S, { uid: 'second', ip: '10.0.0.7' }),
    ],
  )
  assert.equal(
    view.nodes.map((node) => [node.side, node.deletingT, node.deletedT]),
    [
      ['old', 6 * S, 7 * S],
      ['new', undefined, undefined],
    ],
  )
  assert.equal([...view.connections.node], [0, 1])
  assert.is(view.nodeByPod.get('blue-0'), 1)
  assert.equal(
    [0, 7.5, 8, 9].map((t) => view.nodeOfPodAt('blue-0', t * S)),
    [0, 0, 1, 1],
  )
  assert.is(view.nodeOfPodAt('green-0', 9 * S), -1)
})

test('where pods are replaced one by one, cores that come again are new beside a new set of replicants', () => {
  const parameters = { dialect: { replaces: 'pods' } } as unknown as Parameters
  const events = [
    set('core', 0, 2),
    set('replicant-1', 0, 1),
    pod('core-0', 1 * S),
    pod('core-1', 1 * S),
    pod('replicant-1-a', 1 * S),
    mark('trigger', 5 * S),
    set('replicant-2', 6 * S, 1),
    pod('core-1', 7 * S, { uid: 'second-1' }),
    pod('replicant-2-a', 8 * S),
    pod('core-0', 9 * S, { uid: 'second-0' }),
  ]
  const record = recordOf({ fleet: fleetOf(1, GROUPS), events, manifest: { parameters } })
  assert.equal(
    viewOf(record).nodes.map((node) => `${node.pod} ${node.side}`),
    ['core-0 old', 'core-1 old', 'replicant-1-a old', 'core-1 new', 'replicant-2-a new', 'core-0 new'],
  )
})

const replicaSet = (name: string, t: number): RecordEvent => ({
  ...(set(name, t, 2) as Extract<RecordEvent, { type: 'set' }>),
  kind: 'ReplicaSet',
})

test('pods without a name of their node yet are nodes of their own, and get their names when they are told', () => {
  const early = (name: string) => pod(name, S, { node: '', set: 'r', role: 'replicant' })
  const view = viewed(
    [],
    [
      replicaSet('r', 0),
      early('r-abcde'),
      early('r-24567'),
      pod('r-abcde', 2 * S, { node: 'emqx@10.0.0.1', set: 'r', role: 'replicant', ip: '10.0.0.1' }),
    ],
  )
  assert.equal(
    view.nodes.map(({ name, pod: of, role, ordinal }) => [name, of, role, ordinal]),
    [
      ['emqx@10.0.0.1', 'r-abcde', 'replicant', -1],
      ['', 'r-24567', 'replicant', -1],
    ],
    'a random end that is all digits is no ordinal',
  )
  assert.is(view.nodeByName.get('emqx@10.0.0.1'), 0)
  assert.is(view.nodeByName.get(''), undefined)
})

test('what the pods do not tell the scrapes may: the name of a node, and the set and kind of a pod', () => {
  const scrape = (name: string, node: string) => ({
    t: 3 * S,
    tookNs: 0,
    pod: name,
    node,
    ok: true,
    metrics: {},
  })
  const record = recordOf({
    fleet: fleetOf(1, GROUPS),
    events: [replicaSet('r', 0), pod('r-abcde', S, { node: '', set: 'r', role: 'replicant' })],
    scrapes: [scrape('r-abcde', 'emqx@10.0.0.1'), scrape('r-bcdfg', 'emqx@10.0.0.2'), scrape('r-abcde', '')],
  })
  assert.equal(
    viewOf(record).nodes.map(({ name, set: of, role, ordinal }) => [name, of, role, ordinal]),
    [
      ['emqx@10.0.0.1', 'r', 'replicant', -1],
      ['emqx@10.0.0.2', 'r', 'replicant', -1],
    ],
  )
})

test('two sets on each side: all nodes of either are old or new together', () => {
  const view = viewed(
    [],
    [
      set('c-old', 0, 1),
      replicaSet('r-old', 0),
      pod('c-old-0', 0, { role: 'core' }),
      pod('r-old-abcde', 0, { set: 'r-old', role: 'replicant' }),
      mark('trigger', S),
      set('c-new', 2 * S, 1),
      pod('c-new-0', 2 * S, { role: 'core' }),
      replicaSet('r-new', 3 * S),
      pod('r-new-abcde', 3 * S, { set: 'r-new', role: 'replicant' }),
    ],
  )
  assert.equal(
    view.nodes.map(({ side, role }) => `${side} ${role}`),
    ['old core', 'old replicant', 'new core', 'new replicant'],
  )
})

test.run()
