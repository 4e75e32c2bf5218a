import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { durationOf, momentsOf, utcOf } from '#weir/reports/text/time.ts'
import { smallReport } from '../small-report.ts'

test('lengths of time read as a person says them', () => {
  const words = [0, 0.0015, 0.85, 1.0321, 42.04, 61, 3725].map((seconds) => durationOf(seconds * 1e9))
  assert.equal(words, ['0 ms', '2 ms', '850 ms', '1.03 s', '42 s', '1 min 1 s', '1 h 2 min'])
  assert.is(durationOf(Number.POSITIVE_INFINITY), 'for ever')
})

test('moments count from the trigger, as the verdict does', () => {
  const moment = momentsOf(smallReport().run)
  assert.equal(
    [10, 41.44, 5].map((seconds) => moment(seconds * 1e9)),
    ['+0.0 s', '+31.4 s', '-5.0 s'],
  )
})

test('wall time is UTC', () => {
  assert.is(utcOf(Date.UTC(2026, 0, 2, 3, 4, 5)), '2026-01-02 03:04:05 UTC')
})

test.run()
