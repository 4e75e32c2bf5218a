import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EndpointsEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { changed, honestRun, markT, S, saysOf, withEvents } from './honest-run.ts'

const base = honestRun()
const says = (record: RunRecord) => saysOf(record, 'switch-before-evict')
const firstEviction = Number(
  saysOf(base, 'initial-delay').evidence.find(({ what }) => what === 'first eviction')?.fromT,
)
const changes = base.events.filter((event): event is EndpointsEvent => event.type === 'endpoints')
const [before, after] = [changes[0]!, changes.at(-1)!]
const empty = (t: number): EndpointsEvent => ({ ...after, t, ready: [] })
const again = (t: number): EndpointsEvent => ({ ...after, t })

test('the honest run switches to exactly the new set, seconds before', () => {
  const { outcome, sentence } = says(base)
  assert.is(outcome, 'pass')
  assert.match(sentence, /pointed at exactly the 2 new pods/)
})

test('old pods beside the new ones at the first eviction fail, by name', () => {
  const mixed = changed(base, (event) =>
    event.type === 'endpoints' && event.t > markT(base, 'trigger')
      ? { ...event, ready: [...before.ready, ...after.ready].sort() }
      : event,
  )
  // Half of those who come back would land on old nodes; here nobody does, so the two sources contradict each other.
  assert.is(says(mixed).outcome, 'inconclusive')
  const refused = { ...mixed, clients: { ...mixed.clients, kind: mixed.clients.kind.slice() } }
  const lastConnected = refused.clients.kind.lastIndexOf(2)
  refused.clients.kind[lastConnected] = 3
  assert.is(says(refused).outcome, 'fail')
  assert.match(
    says(refused).sentence,
    new RegExp(`still pointed at 2 old pods \\(${before.ready.join(', ')}\\)`),
  )
})

test('a switch heard of just after the first eviction is open, one heard of later fails', () => {
  const moved = (t: number) =>
    changed(base, (event) =>
      event === after || (event.type === 'endpoints' && event.t === after.t) ? { ...event, t } : event,
    )
  assert.is(says(moved(firstEviction + 0.3 * S)).outcome, 'inconclusive')
  assert.match(says(moved(firstEviction + 0.3 * S)).sentence, /recorded just after/)
})

test('an old pod that comes back afterwards fails', () => {
  const back = withEvents(base, {
    ...after,
    t: firstEviction + 5 * S,
    ready: [...after.ready, before.ready[0]!].sort(),
  })
  assert.is(says(back).outcome, 'fail')
  assert.match(says(back).sentence, /came back into the Service/)
})

test('an emptiness fails when it lasts, and is one change told in two messages when it does not', () => {
  const t = after.t - 3 * S
  assert.is(says(withEvents(base, empty(t), again(t + 0.1 * S))).outcome, 'pass')
  const lasting = says(withEvents(base, empty(t)))
  assert.is(lasting.outcome, 'fail')
  assert.match(lasting.sentence, /had no endpoints for 3\.0 s/)
})

test('no endpoints before the cluster is ready are no outage', () => {
  assert.is(says(withEvents(base, empty(0))).outcome, 'pass')
})

test('a Service that leads to somebody and then to nobody while the cluster is being made is no outage', () => {
  const readyT = markT(base, 'cluster-ready')
  const beforeReady = withEvents(base, { ...before, t: readyT - 9 * S }, empty(readyT - 8 * S), {
    ...before,
    t: readyT - S,
  })
  assert.is(says(beforeReady).outcome, 'pass')
  assert.is(says(withEvents(base, empty(readyT + S))).outcome, 'fail')
})

test('a Service that never led to anybody is no outage of it, and proves nothing', () => {
  const nobody = changed(base, (event) => (event.type === 'endpoints' ? { ...event, ready: [] } : event))
  assert.is(says(nobody).outcome, 'inconclusive')
  assert.match(says(nobody).sentence, /the Service never had a ready pod/)
})

test('without the watch nobody can tell', () => {
  const gap = {
    t: after.t + S,
    type: 'watch-gap',
    kind: 'EndpointSlice',
    fromT: after.t - S,
    reason: 'reset',
  } as const
  assert.is(says(withEvents(base, gap)).outcome, 'inconclusive')
  assert.is(
    says(changed(base, (event) => (event.type === 'endpoints' ? undefined : event))).outcome,
    'inconclusive',
  )
})

test.run()
