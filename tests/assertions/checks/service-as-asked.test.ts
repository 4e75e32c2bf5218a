/** The Service becomes what a change of the network asks for: green on the honest record, red on each breach, open where it is unknown. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { RecordEvent } from '#weir/facts/index.ts'
import { saysOf } from './honest-run.ts'
import { S } from './made-events.ts'
import {
  back,
  balanced,
  balancer,
  type Change,
  made,
  nodePorts,
  right,
  type Seen,
  TCP,
  TRIGGER,
} from './made-network.ts'

const says = (change: Change) => saysOf(made(change), 'service-as-asked')

/** [what, change] */
const GREEN: [string, Change][] = [
  ['two listeners at node ports', {}],
  ['an annotation that the cloud adds', { asked: balancer, seen: [balanced] }],
  ['back: the Service is gone', { asked: back, seen: [right, { at: 1, gone: true }] }],
]

for (const [what, change] of GREEN)
  test(`it holds: ${what}`, () => {
    const { outcome, sentence } = says(change)
    assert.is(outcome, 'pass', sentence)
  })

/** [what, change, what is said] */
const RED: [string, Change, RegExp][] = [
  [
    'another type',
    { seen: [{ ...right, type: 'ClusterIP' }] },
    /^Service emqx-external was of type ClusterIP, not NodePort 100 s after the change\.$/,
  ],
  [
    'another type, and why',
    {
      seen: [{ ...right, type: 'ClusterIP' }],
      more: [
        {
          ...{ t: TRIGGER + S, type: 'watch', kind: 'Event', event: 'ADDED', name: 'e' },
          object: { type: 'Warning', message: 'provided port is already allocated' },
        },
      ],
    },
    /Kubernetes has a warning: provided port is already allocated/,
  ],
  ['no Service at all', { seen: [] }, /^There was no Service emqx-external/],
  [
    'another target',
    { seen: [{ ...right, ports: [{ ...nodePorts[0], targetPort: 1884 }, nodePorts[1]!] }] },
    /^Port mqtt-tcp of Service emqx-external had targetPort 1884 instead of 1883/,
  ],
  [
    'a node port other than asked for',
    { asked: { ports: [{ ...TCP, nodePort: 30_010 }] } },
    /had nodePort 30001 instead of 30010/,
  ],
  [
    'an annotation that is lost',
    { asked: balancer, seen: [{ ...balanced, annotations: {} }], end: 400 },
    /had annotation spec not at all/,
  ],
  [
    'an annotation that stays',
    { asked: { ...balancer, annotations: {}, removed: ['spec'] }, seen: [balanced] },
    /^Annotation spec of Service emqx-external was taken away, and still there/,
  ],
  [
    'a load balancer that never comes',
    { asked: balancer, seen: [{ ...balanced, status: undefined }] as unknown as Seen[], end: 301 },
    /had no address of a load balancer/,
  ],
  ['too late', { seen: [{ ...right, at: 61 }] }, /as asked only 61\.0 s after the change/],
  ['not gone', { asked: back }, /was still there/],
  [
    'as asked, and then no more',
    { seen: [right, { ...right, at: 50, type: 'ClusterIP' }] },
    /was of type ClusterIP/,
  ],
]

for (const [what, change, words] of RED)
  test(`it fails: ${what}`, () => {
    const { outcome, sentence } = says(change)
    assert.is(outcome, 'fail', sentence)
    assert.match(sentence, words)
  })

const gap: RecordEvent = { t: 40 * S, type: 'watch-gap', kind: 'Service', fromT: 30 * S, reason: 'cut' }

/** [what, change, what is said] */
const OPEN: [string, Change, RegExp][] = [
  [
    'the record ends before the time is over',
    { seen: [{ ...right, type: 'ClusterIP' }], end: 30 },
    /ends before the time is over \(Service emqx-external was of type/,
  ],
  ['the watch was lost', { more: [gap] }, /watch of Services was lost/],
]

for (const [what, change, words] of OPEN)
  test(`it is open: ${what}`, () => {
    const { outcome, sentence } = says(change)
    assert.is(outcome, 'inconclusive', sentence)
    assert.match(sentence, words)
  })

test('without a change of the network it says nothing', () => {
  const record = made({})
  const events = record.events.filter(({ type }) => type !== 'network')
  assert.is(saysOf({ ...record, events }, 'service-as-asked').outcome, 'inconclusive')
})

test.run()
