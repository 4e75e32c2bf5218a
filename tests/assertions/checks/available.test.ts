import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { RecordEvent } from '#weir/facts/index.ts'
import { changed, honestRun, markT, S, saysOf, withEvents } from './honest-run.ts'

const base = honestRun()
const trigger = markT(base, 'trigger')
const quiet = changed(base, (event) => (event.type === 'probe' ? undefined : event))
const last = Math.floor((markT(base, 'fleet-stopping') - trigger) / S) - 1

/** A probe each second from the trigger on; `answers` says what became of those that differ. */
function probed(answers: Record<number, { ok: boolean; tookMs: number } | 'none'>) {
  const events = Array.from({ length: last }, (_, second): RecordEvent | undefined => {
    const answer = answers[second] ?? { ok: true, tookMs: 20 }
    if (answer === 'none') return undefined
    const tookNs = answer.tookMs * 1e6
    const t = trigger + second * S + tookNs
    return { t, type: 'probe', ok: answer.ok, tookNs, ...(!answer.ok && { error: 'ECONNREFUSED' }) }
  })
  return saysOf(withEvents(quiet, ...events.filter((event) => event !== undefined)), 'available')
}

const REFUSED = { ok: false, tookMs: 5 }

test('a round trip every second passes', () => assert.is(probed({}).outcome, 'pass'))

test('one refused try, or two, is no outage of more than two seconds', () => {
  assert.is(probed({ 20: REFUSED }).outcome, 'pass')
  assert.is(probed({ 20: REFUSED, 21: REFUSED }).outcome, 'pass')
})

test('three in a row are three seconds without service', () => {
  const { outcome, sentence, measured } = probed({ 20: REFUSED, 21: REFUSED, 22: REFUSED })
  assert.is(outcome, 'fail')
  assert.is(measured, '3.0 s')
  assert.match(
    sentence,
    /The Service was unavailable for 3\.0 s at \+20\.0 s after the trigger: 3 probes in a row .*ECONNREFUSED/,
  )
})

const slow = (tookMs: number, ok = true) => ({ ok, tookMs })

test('answers that take longer than two seconds are as bad as none', () => {
  assert.is(probed({ 20: slow(2500), 21: slow(1600), 22: slow(600) }).outcome, 'fail')
  assert.is(probed({ 20: slow(1900), 21: slow(1000) }).outcome, 'pass')
  const { outcome, measured } = probed({
    20: slow(5000, false),
    21: slow(5000, false),
    22: slow(5000, false),
  })
  assert.is(outcome, 'fail')
  assert.is(measured, '3.0 s', 'until the next round trip, not until the tries timed out')
})

test('a try that times out is no outage over round trips that succeed meanwhile', () => {
  assert.is(probed({ 20: slow(2500) }).outcome, 'pass')
  assert.is(probed({ 20: slow(5000, false) }).outcome, 'pass')
  const { outcome, sentence } = probed({ 20: slow(5000, false), 21: slow(5000, false) })
  assert.is(outcome, 'pass')
  assert.match(sentence, /at most 2\.0 s/)
})

test('an outage that never ended counts up to its last try', () => {
  const dark = Object.fromEntries(Array.from({ length: 4 }, (_, i) => [last - 1 - i, REFUSED]))
  assert.is(probed(dark).outcome, 'fail')
})

test('a probe that was silent proves nothing', () => {
  const silent = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [30 + i, 'none' as const]))
  const { outcome, sentence } = probed(silent)
  assert.is(outcome, 'inconclusive')
  assert.match(sentence, /the probe sent nothing/)
  assert.is(saysOf(quiet, 'available').outcome, 'inconclusive')
})

test.run()
