/** What a recorded fact does not mean: no assertion takes it for that. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CHECKS } from '#weir/assertions/registry.ts'
import { ASSERTIONS, type AssertionId, type RecordEvent } from '#weir/facts/index.ts'
import { type RunView, viewOf } from '#weir/record/view/index.ts'
import { changed, honestRun, markT, S, saysOf, withEvents } from './honest-run.ts'
import { podEvent } from './made-events.ts'
import { madeRun } from './made-run.ts'
import { EVICTED_T, evict, SPEAKER, smallTalk } from './small-talk.ts'

const base = honestRun()

/** One check with its default bounds, on a view. */
function checked(view: RunView, id: AssertionId) {
  const bounds = Object.entries(ASSERTIONS[id].bounds).map(([name, { default: value }]) => [name, value])
  return (CHECKS[id] as (run: RunView, bounds: object) => ReturnType<(typeof CHECKS)[AssertionId]>)(
    view,
    Object.fromEntries(bounds),
  )
}

test('the first loss in a pause of the samples may be no eviction: nothing need have been switched by then', () => {
  const view = viewOf(base)
  // Clients still arrive on old nodes then, so they do not contradict the Service.
  const early = { ...view, moments: { ...view.moments, firstEviction: markT(base, 'cluster-ready') + S } }
  assert.is(checked(early, 'switch-before-evict').outcome, 'fail')
  const unseen = { ...early, moments: { ...early.moments, firstEvictionUnseen: true } }
  assert.is(checked(unseen, 'switch-before-evict').outcome, 'inconclusive')
})

test('nor is a landing on an old node wrong by then', () => {
  const view = viewOf(madeRun({ landsOn: (client) => (client < 9 ? 'blue-0' : 'green-0') }))
  assert.is(checked(view, 'landing').outcome, 'fail')
  const unseen = { ...view, moments: { ...view.moments, firstEvictionUnseen: true } }
  assert.is(checked(unseen, 'landing').outcome, 'inconclusive')
})

test('what the resource reported before the change says nothing about its end', () => {
  const trigger = markT(base, 'trigger')
  const silent = changed(base, (event) => (event.type === 'cr' && event.t > trigger ? undefined : event))
  const finding = saysOf(silent, 'all-new')
  assert.is(finding.outcome, 'inconclusive', finding.sentence)
  assert.match(finding.sentence, /no event of the resource/)
})

test('no sample of the evacuation status is not "no evacuation"', () => {
  const again = madeRun({ moreClients: Array.from({ length: 30 }, (_, i) => dropAgain(3 * i + 2)) })
  assert.is(saysOf(again, 'hops').outcome, 'fail')
  const unsampled = changed(again, (event) => (event.type === 'evacuation' ? undefined : event))
  assert.match(saysOf(unsampled, 'hops').sentence, /EMQX was never polled/)
})

/** A client that its new node drops at the end of the run. */
function dropAgain(client: number) {
  const endT = markT(madeRun(), 'fleet-stopping')
  return { t: endT - 2 * S, client, kind: 'disconnected', reason: 'closed' } as const
}

test('a deletion within a gap of the watch may be as old as the gap', () => {
  const groups = madeRun().fleet.groups.map((group) => ({ ...group, persistent: false }))
  const clean = changed(madeRun(), (event) =>
    event.type === 'evacuation' || event.type === 'cr' || event.type === 'nodes' ? undefined : event,
  )
  const record = { ...clean, fleet: { ...clean.fleet, groups } }
  assert.is(saysOf(record, 'drained-before-delete').outcome, 'pass')
  const deleting = record.events.find((event) => event.type === 'pod' && event.deleting)!
  const gap: RecordEvent = {
    t: deleting.t,
    type: 'watch-gap',
    kind: 'Pod',
    fromT: deleting.t - 15 * S,
    reason: 'reset',
  }
  assert.match(
    saysOf(withEvents(record, gap), 'drained-before-delete').sentence,
    /watch of the pods was lost/,
  )
})

test('a pod that was deleted out of turn, and made again, had no turn', () => {
  const blue = 'blue-1'
  const record = madeRun()
  const t =
    record.events.find((event) => event.type === 'evacuation' && event.evacuations.length > 0)!.t + 3 * S
  const view = viewOf(
    withEvents(record, { ...podEvent(blue, t), deleting: true }, { ...podEvent(blue, t + S), uid: 'again' }),
  )
  // All of its clients were on the pod that was deleted, and lost their connections then.
  const { connections: before, evictions: lost, nodes } = viewOf(record)
  const isHere = (node: number) => nodes[node]?.pod === blue
  const to = before.to.map((end, row) => (isHere(before.node[row]!) ? Math.min(end, t) : end))
  const times = lost.t.map((at, i) => (isHere(lost.node[i]!) ? t : at))
  const [connections, evictions] = [
    { ...before, to },
    { ...lost, t: times },
  ]
  const evacuated = view.of('evacuation').map((event) => ({
    ...event,
    evacuations: event.evacuations.filter((one) => !one.node.includes(blue)),
  }))
  const of = ((type) => (type === 'evacuation' ? evacuated : view.of(type))) as RunView['of']
  const finding = checked({ ...view, connections, evictions, of }, 'evacuation-serial')
  assert.is.not(finding.outcome, 'fail', finding.sentence)
})

test('a reset may be the path: it promises no will', () => {
  const reset = { ...evict(SPEAKER, EVICTED_T), reason: 'reset', code: -1 } as const
  const record = smallTalk({
    speaker: [reset, { t: EVICTED_T + 1e6, client: SPEAKER, kind: 'away' }],
    wills: [],
  })
  assert.is(saysOf(record, 'wills').figures.missing, 0)
})

test('"no evacuation under way" is not said where EMQX was never asked', () => {
  const cut = changed(base, (event) =>
    event.type === 'evacuation' || (event.type === 'mark' && event.name === 'upgrade-done')
      ? undefined
      : event,
  )
  assert.match(saysOf(cut, 'duration').sentence, /the evacuation status was never sampled/)
})

test.run()
