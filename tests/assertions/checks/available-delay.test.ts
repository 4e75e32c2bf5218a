import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { CrEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { changed, emqx5Run, S, saysOf } from './honest-run.ts'

const base = emqx5Run()
const heard = base.events.find(
  (event): event is CrEvent => event.type === 'cr' && event.startedUnixMs !== undefined,
)!
const stampMs = heard.startedUnixMs!
const firstEviction = Number(
  saysOf(base, 'initial-delay').evidence.find(({ what }) => what === 'first eviction')?.fromT,
)

/** The same run, in which the resource said another time, and said it at another time. */
function available(startedMs: number, shiftNs = 0): RunRecord {
  return changed(base, (event) =>
    event.type === 'cr' && event.startedUnixMs !== undefined
      ? { ...event, startedUnixMs: startedMs, t: event.t === heard.t ? event.t + shiftNs : event.t }
      : event,
  )
}

test('the delay counts from the second in which the resource became available, and EMQX waits on top', () => {
  const { outcome, figures, bound } = saysOf(base, 'initial-delay')
  assert.is(outcome, 'pass')
  assert.is(figures.delaySeconds, (firstEviction - stampMs * 1e6) / S)
  assert.is(figures.leastSeconds, 14.75, 'five seconds and ten, less what two clocks of one host may differ')
  assert.match(bound, /after the resource became available/)
})

test('an operator that looks every second and does not wait is seen through, though it keeps whole seconds', () => {
  const soon = available(Math.round(firstEviction / 1e6) - 13_000, firstEviction - 12.9 * S - heard.t)
  const { outcome, sentence } = saysOf(soon, 'initial-delay')
  assert.is(outcome, 'fail', sentence)
  assert.match(sentence, /initialDelaySeconds 5 and a health-check wait of 10 s was not kept/)
})

test('a cluster whose clock is minutes off is judged by the clock of the harness, or not at all', () => {
  for (const offMs of [-300_000, -5000, 5000, 300_000]) {
    const { outcome, sentence } = saysOf(available(stampMs + offMs), 'initial-delay')
    assert.is.not(outcome, 'fail', `${offMs} ms: ${sentence}`)
  }
})

test('the endpoints say nothing of this delay, and a resource that never says leaves it open', () => {
  const blind = changed(base, (event) => (event.type === 'endpoints' ? undefined : event))
  assert.is(saysOf(blind, 'initial-delay').outcome, 'pass')
  const silent = changed(base, (event) => {
    if (event.type !== 'cr') return event
    const { startedUnixMs: _, ...rest } = event
    return rest
  })
  assert.match(saysOf(silent, 'initial-delay').sentence, /never reported when it became available/)
})

test.run()
