import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EvacuationEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { changed, honestRun, S, saysOf } from './honest-run.ts'

const base = honestRun()
const says = (record: RunRecord) => saysOf(record, 'evacuation-serial')
const samples = base.events.filter((event): event is EvacuationEvent => event.type === 'evacuation')
const nodes = [...new Set(samples.flatMap(({ evacuations }) => evacuations.map(({ node }) => node)))]
const of = (node: string | undefined) =>
  samples.filter(({ evacuations }) => evacuations.some((one) => one.node === node))
const [first, second] = [of(nodes[0]), of(nodes[1])]

test('the honest run is serial, highest ordinal first', () => {
  const { outcome, measured } = says(base)
  assert.is(outcome, 'pass')
  assert.match(measured, /-1, then .*-0$/)
})

test('one answer that names two nodes at work fails', () => {
  const both = changed(base, (event) =>
    event.t === second[2]?.t && event.type === 'evacuation'
      ? { ...event, evacuations: [...event.evacuations, first[1]!.evacuations[0]!] }
      : event,
  )
  assert.is(says(both).outcome, 'fail')
  assert.match(says(both).sentence, /were being evacuated at the same time/)
})

test('a node that is done and still listed while the next one works is as it should be', () => {
  const done = {
    ...first.at(-1)!.evacuations[0]!,
    state: 'prohibiting' as const,
    currentConnected: 0,
    currentSessions: 0,
  }
  const listed = changed(base, (event) =>
    event.type === 'evacuation' && event.t === second[0]?.t
      ? { ...event, evacuations: [...event.evacuations, done] }
      : event,
  )
  assert.is(says(listed).outcome, 'pass')
  const undone = changed(base, (event) =>
    event.type === 'evacuation' && event.t === second[0]?.t
      ? { ...event, evacuations: [...event.evacuations, { ...done, currentSessions: 4 }] }
      : event,
  )
  assert.is(says(undone).outcome, 'fail')
})

test('prohibiting that fell between two samples is not missed', () => {
  const unseen = changed(base, (event) => {
    if (event.type !== 'evacuation') return event
    const last = first.at(-1)!.t
    const isLast =
      event.t <= last &&
      event.t > last - 40 * S &&
      event.evacuations.some(({ state, node }) => state === 'prohibiting' && node === nodes[0])
    return isLast
      ? {
          ...event,
          evacuations: event.evacuations.map((one) => ({
            ...one,
            state: 'evicting_sessions' as const,
            currentSessions: 0,
          })),
        }
      : event
  })
  assert.is.not(says(unseen).outcome, 'fail', says(unseen).sentence)
})

/** A run whose first node, as far as EMQX says, never gets further than this. */
const leftWith = (told: Partial<EvacuationEvent['evacuations'][number]>) =>
  changed(base, (event) => {
    if (event.type !== 'evacuation' || !first.some(({ t }) => t === event.t)) return event
    return {
      ...event,
      evacuations: event.evacuations.map((one) => ({
        ...one,
        state: 'evicting_sessions' as const,
        ...told,
      })),
    }
  })

test('a node left with more than can have gone before the next began fails', () => {
  const hasty = leftWith({ currentSessions: 900 })
  assert.is(says(hasty).outcome, 'fail')
  assert.match(says(hasty).sentence, /last seen in evicting_sessions with 0 connections and 900 sessions/)
})

test('the first value of the sessions, said again in the moment before EMQX counts them, is not believed', () => {
  // Seen on a node that had 90 sessions when its evacuation began, and few by then: clients take theirs along.
  const frozen = leftWith({ initialSessions: 900, currentSessions: 900 })
  assert.is.not(says(frozen).outcome, 'fail', says(frozen).sentence)
})

test('slow sampling, or a long pause of it, leaves it open', () => {
  const slow = honestRun()
  slow.manifest.parameters!.sampleIntervalSeconds = 3
  assert.is(says(slow).outcome, 'inconclusive')
  const middle = first[Math.floor(first.length / 2)]!.t
  const paused = changed(base, (event) =>
    event.type === 'evacuation' && Math.abs(event.t - middle) < 4 * S ? undefined : event,
  )
  assert.is(says(paused).outcome, 'inconclusive')
  assert.match(says(paused).sentence, /the evacuation status was not sampled for \d\.\d s/)
})

test.run()
