/** Wills of random histories, against the definition read over plain intervals. */
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import type { WillReceipt } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { S } from './made-events.ts'
import { connect, END_T, evict, SPEAKER, smallTalk, will } from './small-talk.ts'

const judged = (record: RunRecord) => judge(record, { asserts: [{ id: 'wills' }] }).findings[0]!

/** Whoever is gone by plan does not try again. */
const leave = (t: number) => [evict(SPEAKER, t), { t: t + 1e6, client: SPEAKER, kind: 'away' } as const]

interface Visit {
  from: number
  to: number
}

/** The definition, read aloud over plain intervals in seconds: which wills must have come, which must not, which may. */
function reference(visits: Visit[], delay: number, came: Map<number, number[]>): string {
  for (const [i, { to }] of visits.entries()) {
    const times = came.get(i + 1) ?? []
    if (to === Number.POSITIVE_INFINITY) {
      if (times.length > 0) return 'fail'
      continue
    }
    const back = visits[i + 1]?.from ?? Number.POSITIVE_INFINITY
    if (delay > 0 && back <= to + delay - 2) {
      if (times.length > 0) return 'fail'
      continue
    }
    const due = to + delay
    if (times.some((t) => t < due - 2) || times.length > 1) return 'fail'
    const mayBeCancelled = delay > 0 && back < due + 2
    if (mayBeCancelled || due + 7 > END_T / S) continue
    if (times.length === 0 || times[0]! > due + 7) return 'fail'
  }
  return 'pass'
}

test('random histories are judged as the definition reads', () => {
  const gaps = fc.array(fc.tuple(fc.integer({ min: 3, max: 25 }), fc.integer({ min: 1, max: 14 })), {
    minLength: 1,
    maxLength: 5,
  })
  const deviation = fc.constantFrom<('none' | 'missing' | 'again' | 'late' | 'early')[]>(
    'none',
    'none',
    'missing',
    'again',
    'late',
    'early',
  )
  fc.assert(
    fc.property(
      gaps,
      fc.constantFrom(0, 10),
      fc.boolean(),
      fc.array(deviation, { minLength: 5, maxLength: 5 }),
      (lengths, delay, stays, wrongs) => {
        const visits: Visit[] = []
        let at = 20
        for (const [online, offline] of lengths) {
          visits.push({ from: visits.length === 0 ? 5 : at, to: at + online })
          at += online + offline
        }
        if (stays) visits.push({ from: at, to: Number.POSITIVE_INFINITY })
        const came = new Map<number, number[]>()
        visits.forEach(({ to }, i) => {
          const back = visits[i + 1]?.from ?? Number.POSITIVE_INFINITY
          const isOwed = Number.isFinite(to) && !(delay > 0 && back < to + delay)
          const due = Number.isFinite(to) ? to + delay : 150
          const wrong = wrongs[i] ?? 'none'
          const times = {
            none: isOwed ? [due + 0.1] : [],
            missing: [],
            again: [due + 0.1, due + 0.5],
            late: [due + 20],
            early: [due - 5],
          }[wrong]
          if (times.length > 0) came.set(i + 1, times)
        })
        const speaker = visits.flatMap(({ from, to }, i) => [
          ...(i > 0 ? connect(SPEAKER, from * S) : []),
          ...(Number.isFinite(to) ? (i < visits.length - 1 ? [evict(SPEAKER, to * S)] : leave(to * S)) : []),
        ])
        const wills: WillReceipt[] = [...came].flatMap(([attempt, times]) =>
          times.map((t) => will(t * S, attempt)),
        )
        const finding = judged(smallTalk({ will: { delaySeconds: delay }, speaker, wills }))
        // Where nothing at all could be told it stays open instead.
        const outcome = finding.outcome === 'inconclusive' ? 'pass' : finding.outcome
        assert.is(
          outcome,
          reference(visits, delay, came),
          `${JSON.stringify({ visits, delay, came: [...came] })}: ${finding.sentence}`,
        )
      },
    ),
    { numRuns: 500 },
  )
})

test.run()
