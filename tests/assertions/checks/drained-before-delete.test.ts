import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Evacuation, RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { deleting, heldUntilDeleted } from './held-until-deleted.ts'
import { changed, honestRun, S, saysOf, withEvents } from './honest-run.ts'

const base = honestRun()
const says = (record: RunRecord) => saysOf(record, 'drained-before-delete')

/** EMQX's last count of the first deleted pod is this, so long before its deletion; the operator's copy goes or stays. */
function lastCount(secondsBefore: number, currentSessions: number, operator: 'silent' | 'tells'): RunRecord {
  const t = deleting.t - secondsBefore * S
  return changed(base, (event) => {
    if (event.type !== 'cr' && event.type !== 'evacuation') return event
    if (!event.evacuations.some(({ node }) => node === deleting.node)) return event
    if (event.type === 'cr') return operator === 'tells' ? event : undefined
    if (event.t > t) return undefined
    const left = { state: 'evicting_sessions' as const, currentConnected: 0, currentSessions }
    return { ...event, evacuations: event.evacuations.map((one): Evacuation => ({ ...one, ...left })) }
  })
}

test('the honest run deletes each pod empty', () => {
  const { outcome, figures } = says(base)
  assert.is(outcome, 'pass')
  assert.is(figures.podsDeleted, 2)
})

test('a pod that comes again by the name of one that is gone takes nothing from what was known of that', () => {
  const again: RecordEvent = { ...deleting, t: base.manifest.end!.t - S, uid: 'again', deleting: false }
  const { outcome, sentence, figures } = says(withEvents(base, again))
  assert.is(outcome, 'pass', sentence)
  assert.is(figures.podsDeleted, 2)
})

test('sessions that cannot have gone in the time that was left fail', () => {
  const { outcome, sentence } = says(lastCount(1, 57, 'silent'))
  assert.is(outcome, 'fail')
  assert.match(
    sentence,
    new RegExp(
      `Pod ${deleting.name} was deleted .* EMQX still counted 0 connections and 57 sessions, which take 5\\.7 s`,
    ),
  )
})

test('sessions that may have gone meanwhile leave it open', () => {
  const { outcome, settle } = says(lastCount(4, 30, 'silent'))
  assert.is(outcome, 'inconclusive')
  assert.match(settle ?? '', /every second/)
})

test('what the operator wrote down of the node counts as well', () => {
  assert.is(says(lastCount(4, 30, 'tells')).outcome, 'pass')
})

test('clients that were still on the pod fail, whatever EMQX said', () => {
  const { outcome, sentence, figures } = says(heldUntilDeleted(20))
  assert.is(outcome, 'fail', sentence)
  assert.is(figures.connectionsLeft, 20)
  assert.match(sentence, /was deleted at .* with 20 clients still on it/)
})

test('a pod that Kubernetes itself ends is no deletion by the operator', () => {
  const evicted = (reason: string) =>
    changed(heldUntilDeleted(20), (event) =>
      event.type === 'pod' && event.name === deleting.name && event.deleting
        ? { ...event, disruption: reason }
        : event,
    )
  assert.match(
    says(evicted('EvictionByEvictionAPI')).sentence,
    /with 20 clients still on it: it was evicted through Kubernetes' eviction API, as kubectl drain does\.$/,
  )
  assert.match(says(evicted('SomethingNew')).sentence, /: it was ended by Kubernetes \(SomethingNew\)\.$/)
})

test('a client or two without an end, where EMQX counted nobody, are missing rows', () => {
  assert.is(says(heldUntilDeleted(2)).outcome, 'inconclusive')
})

test('no pod deleted, nothing known', () => {
  const { outcome, sentence } = says(
    changed(base, (event) => (event.type === 'pod' && event.deleting ? undefined : event)),
  )
  assert.is(outcome, 'inconclusive')
  assert.match(sentence, /no pod was deleted/)
  const unsampled = changed(base, (event) =>
    event.type === 'cr' || event.type === 'evacuation' ? { ...event, evacuations: [] } : event,
  )
  assert.match(says(unsampled).sentence, /EMQX was never polled/)
})

test.run()
