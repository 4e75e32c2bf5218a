import { createHistogram } from 'node:perf_hooks'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { replay, snapshotOf } from '#weir/bench/fleet/hosts/snapshot.ts'

function recorded(values: Iterable<number>) {
  const histogram = createHistogram()
  for (const value of values) histogram.record(value)
  return histogram
}

test('a few values cross as they are', () => {
  const copy = createHistogram()
  replay(snapshotOf(recorded([5, 1, 300, 5])), copy)
  assert.is(copy.count, 4)
  assert.is(copy.min, 1)
  assert.is(copy.max, 300)
  assert.is(copy.percentile(50), 5)
})

test('many cross as fewer, and keep their number and percentiles', () => {
  const values = Array.from({ length: 20_000 }, (_, i) => i + 1)
  const snapshot = snapshotOf(recorded(values))
  assert.ok(snapshot.values.length <= 400)
  const copy = createHistogram()
  replay(snapshot, copy)
  assert.is(copy.count, 20_000)
  // 400 of 20,000: the nearest one is at most 50 ranks away.
  for (const percentile of [10, 50, 90, 99])
    assert.ok(
      Math.abs(copy.percentile(percentile) - 200 * percentile) <= 51,
      `percentile ${percentile}: ${copy.percentile(percentile)}`,
    )
})

test('several are put together by how much each holds', () => {
  const copy = createHistogram()
  replay(snapshotOf(recorded(Array.from({ length: 9000 }, () => 10))), copy)
  replay(snapshotOf(recorded(Array.from({ length: 1000 }, () => 1000))), copy)
  assert.is(copy.count, 10_000)
  assert.is(copy.percentile(89), 10)
  assert.is(copy.percentile(91), 1000)
})

test('nothing is nothing', () => {
  const copy = createHistogram()
  replay(snapshotOf(createHistogram()), copy)
  assert.is(copy.count, 0)
})

test.run()
