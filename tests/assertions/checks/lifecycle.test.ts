/** What a stop, a start and a deletion promise, on a small record: green on the honest one, red on each breach. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Finding } from '#weir/assertions/index.ts'
import { saysOf } from './honest-run.ts'
import { action, type Deletion, END, fresh, GONE, madeDeletion, NEXT, resource } from './made-deletion.ts'
import { S } from './made-events.ts'

type Id = 'stopped' | 'order-of-deletion'
const says = (changes: Deletion, id: Id): Finding => saysOf(madeDeletion(changes), id)

test('an honest stop, start and deletion keep their promises', () => {
  const held = [
    says({ next: 'nothing' }, 'stopped'),
    says({ next: 'start' }, 'stopped'),
    says({ next: 'delete' }, 'stopped'),
    says({ next: 'delete' }, 'order-of-deletion'),
  ]
  for (const { outcome, sentence } of held) assert.is(outcome, 'pass', sentence)
})

const scaled = (t: number) => action(t, 'scale')

/** [what, change, the assertion, its outcome, its words] */
const CASES: [string, Deletion, Id, Finding['outcome'], RegExp][] = [
  [
    'a pod runs on',
    { next: 'start', goneT: [GONE, null], started: ['blue-0'] },
    'stopped',
    'fail',
    /^blue-1 still ran 10\.0 s after the stop/,
  ],
  [
    'the record ends while a pod is still there',
    { next: 'nothing', goneT: [GONE, null] },
    'stopped',
    'inconclusive',
    /the record ends while 1 pod is still there/,
  ],
  [
    'a pod comes back by itself',
    { next: 'nothing', moreEvents: [fresh('blue-0', 40 * S)] },
    'stopped',
    'fail',
    /^Pod blue-0 came .* while the cluster was stopped/,
  ],
  [
    'somebody goes on to hold a connection',
    {
      next: 'nothing',
      moreClients: [
        { t: 25 * S, client: 3, kind: 'attempt' },
        { t: 26 * S, client: 3, kind: 'connected', code: 0 },
      ],
    },
    'stopped',
    'fail',
    /^c3 was connected .* though no pod was left/,
  ],
  [
    'a node fewer than before',
    { next: 'start', started: ['blue-0'] },
    'stopped',
    'fail',
    /^Before the stop there were 2 pods, and after the start 1/,
  ],
  [
    'a node fewer than before, when the run was interrupted',
    { next: 'start', started: ['blue-0'], end: 'interrupted' },
    'stopped',
    'inconclusive',
    /the record ends with 1 pod of 2/,
  ],
  [
    'a node is added after the start',
    { next: 'start', moreEvents: [...scaled(40 * S), fresh('blue-2', 42 * S)] },
    'stopped',
    'pass',
    /after the start there were 2 again/,
  ],
  [
    'a node fewer than before, and one is added to a cluster that is said to be whole',
    {
      next: 'start',
      started: ['blue-0'],
      moreEvents: [resource(38 * S), ...scaled(40 * S), fresh('blue-1', 42 * S)],
    },
    'stopped',
    'fail',
    /^Before the stop there were 2 pods, and after the start 1/,
  ],
  [
    'a node is added before the start is over',
    {
      next: 'start',
      started: ['blue-0'],
      moreEvents: [resource(31 * S, { settled: false }), ...scaled(40 * S), fresh('blue-1', 42 * S)],
    },
    'stopped',
    'inconclusive',
    /the next action came while 1 pod of 2 ran/,
  ],
  [
    'the resource is deleted while pods run',
    { next: 'delete', deletedT: GONE - 2 * S },
    'order-of-deletion',
    'fail',
    /^The resource was deleted .* while blue-0 and blue-1 still ran/,
  ],
  [
    'it begins to be deleted while a pod runs',
    { next: 'delete', moreEvents: [resource(GONE - 0.5 * S, { deleting: true })] },
    'order-of-deletion',
    'fail',
    /while blue-1 still ran/,
  ],
  [
    'a Service is left, and there was time enough',
    {
      next: 'delete',
      found: [{ kind: 'Service', name: 'emqx', by: 'label' }],
      moreEvents: [{ t: END + 100 * S, type: 'note', level: 'info', text: '' }],
    },
    'order-of-deletion',
    'inconclusive',
    /the record ends before the deletion/,
  ],
  [
    'volumes are told',
    { next: 'delete', found: [{ kind: 'PersistentVolumeClaim', name: 'data-0', by: 'label' }] },
    'order-of-deletion',
    'pass',
    /its volumes, which stay until somebody deletes them: data-0/,
  ],
  [
    'a kind could not be listed',
    { next: 'delete', unlisted: [{ kind: 'ConfigMap', why: 'forbidden' }] },
    'order-of-deletion',
    'inconclusive',
    /ConfigMap objects could not be listed: forbidden/,
  ],
  [
    'nobody looked',
    { next: 'delete', looked: false },
    'order-of-deletion',
    'inconclusive',
    /did not look for what was left/,
  ],
  [
    'nothing was deleted',
    { next: 'nothing' },
    'order-of-deletion',
    'inconclusive',
    /the record shows no deletion/,
  ],
]

for (const [what, changes, id, outcome, words] of CASES)
  test(`${id}: ${what}`, () => {
    const finding = says(changes, id)
    assert.is(finding.outcome, outcome, finding.sentence)
    assert.match(finding.sentence, words)
  })

test('order-of-deletion: what is left after two minutes fails', () => {
  const left = { found: [{ kind: 'Service', name: 'emqx', by: 'label' as const }] }
  const record = madeDeletion({ next: 'delete', ...left })
  const late = NEXT + 130 * S
  record.manifest.end = { t: late, how: 'failed' }
  record.events = record.events.map((event) =>
    event.type === 'mark' && event.name === 'fleet-stopping' ? { ...event, t: late } : event,
  )
  const finding = saysOf(record, 'order-of-deletion')
  assert.is(finding.outcome, 'fail', finding.sentence)
  assert.match(finding.sentence, /after the deletion there was still Service emqx/)
})

test.run()
