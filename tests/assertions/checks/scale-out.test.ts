/** What a scale-out promises, on a small record: green on the honest one, red on the change that each assertion exists for. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Finding } from '#weir/assertions/index.ts'
import { saysOf } from './honest-run.ts'
import { NODE, podEvent, S } from './made-events.ts'
import { AFTER, END, madeScaleOut, member, type ScaleOut, TRIGGER } from './made-scale-out.ts'

const IDS = ['untouched', 'capacity-follows', 'membership-exact'] as const
type Id = (typeof IDS)[number]

const says = (changes: ScaleOut, id: Id): Finding => saysOf(madeScaleOut(changes), id)

test('an honest scale-out keeps all three', () => {
  for (const id of IDS) assert.is(says({}, id).outcome, 'pass', says({}, id).sentence)
})

const container = (restarts: number) => ({ container: { restarts } })

/** [what, change, the assertion that must fail, its words] */
const RED: [string, ScaleOut, Id, RegExp][] = [
  [
    'a client is dropped',
    { moreClients: [{ t: 30 * S, client: 7, kind: 'disconnected', reason: 'closed' }] },
    'untouched',
    /^1 of 30 clients lost their connection; c7 was the first/,
  ],
  [
    'a pod is deleted',
    { moreEvents: [{ ...podEvent('blue-1', 40 * S), deleting: true }] },
    'untouched',
    /^Pod blue-1, which was there before, was deleted at \+20\.0 s/,
  ],
  [
    'EMQX restarts in a pod',
    {
      moreEvents: [
        { ...podEvent('blue-1', 10 * S), ...container(0) },
        { ...podEvent('blue-1', 40 * S), ...container(1) },
      ],
    },
    'untouched',
    /^EMQX restarted in pod blue-1/,
  ],
  [
    'a new set gets pods',
    {
      moreEvents: [
        {
          ...{ t: 30 * S, type: 'set', kind: 'StatefulSet', name: 'green', createdUnixMs: 2, deleted: false },
          ...{ specReplicas: 5, replicas: 0, readyReplicas: 0 },
        },
      ],
    },
    'untouched',
    /^A new set, green, got pods/,
  ],
  [
    'an added pod does not come into the Service',
    { serving: AFTER.slice(0, 4) },
    'capacity-follows',
    /^blue-4 was not in the Service at the end/,
  ],
  [
    'an added pod comes too late',
    { servedT: 55 * S, moreEvents: [], took: null },
    'capacity-follows',
    /blue-3 came into the Service at \+35\.0 s after the trigger, later than 20 s/,
  ],
  [
    'newcomers never land on an added pod',
    { took: [75, 75, 75, 75, 0] },
    'capacity-follows',
    /^blue-4 took 0 of 300/,
  ],
  ['newcomers are refused', { refused: 4 }, 'capacity-follows', /^4 connects of 300 newcomers were refused/],
  [
    'a pod is missing in the Service',
    { serving: AFTER.slice(0, 4) },
    'membership-exact',
    /the Service did not lead to blue-4/,
  ],
  [
    'the Service leads to a stranger',
    { serving: [...AFTER, '10.9.9.9'] },
    'membership-exact',
    /the Service led to 10\.9\.9\.9/,
  ],
  [
    'an added node is no member',
    { members: AFTER.slice(0, 4).map((pod) => member(pod)) },
    'membership-exact',
    /EMQX did not count blue-4/,
  ],
  [
    'a stopped member is listed',
    { members: [...AFTER.map((pod) => member(pod)), member('gone-0', false)] },
    'membership-exact',
    new RegExp(`EMQX still listed ${NODE('gone-0')}`),
  ],
  [
    'a stranger is a running member',
    { members: [...AFTER.map((pod) => member(pod)), member('other-0')] },
    'membership-exact',
    /which was no pod of the cluster/,
  ],
]

for (const [what, changes, id, words] of RED)
  test(`${what}: ${id} fails`, () => {
    const bounds = what.includes('too late') ? { seconds: 10, secondsPerNode: 5 } : undefined
    const found = saysOf(madeScaleOut(changes), id, bounds)
    assert.is(found.outcome, 'fail', found.sentence)
    assert.match(found.sentence, words)
  })

test('what chance may explain is open, and so is what was not looked at', () => {
  const open: [ScaleOut, Id, RegExp][] = [
    [{ took: [68, 68, 68, 66, 30] }, 'capacity-follows', /may be chance/],
    [{ moreClients: torn }, 'untouched', /1 client events are missing/],
    [{ took: null }, 'capacity-follows', /no client connected after the change/],
    [{ serving: AFTER.slice(0, 4), end: 'interrupted' }, 'capacity-follows', /ends before the operation/],
    [{ serving: AFTER.slice(0, 4), end: 'interrupted' }, 'membership-exact', /ends before the operation/],
    [{ moreEvents: [gap('Pod')] }, 'untouched', /a watch was lost/],
    [{ moreEvents: [gap('Pod')] }, 'membership-exact', /a watch was lost/],
  ]
  for (const [changes, id, words] of open) {
    const found = says(changes, id)
    assert.is(found.outcome, 'inconclusive', found.sentence)
    assert.match(found.sentence, words)
  }
})

/** A client connects again, and the end of its connection is missing. */
const torn: ScaleOut['moreClients'] = [
  { t: 30 * S, client: 7, kind: 'attempt' },
  { t: 30 * S + 1, client: 7, kind: 'connected', code: 0 },
]

const gap = (kind: string) => ({
  ...{
    t: END - 4.5 * S,
    type: 'watch-gap' as const,
    kind,
    fromT: TRIGGER + 1 * S,
    reason: 'the connection was reset',
  },
})

test.run()
