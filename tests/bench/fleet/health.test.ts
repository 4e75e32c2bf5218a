import { createHistogram } from 'node:perf_hooks'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HealthReader } from '#weir/bench/fleet/health.ts'

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) <= 0.02 * expected, `${actual}, expected about ${expected}`)

test('the worst shard counts, the probe’s own 20 ms do not, and a reading starts anew', () => {
  const shards = [1, 2].map(() => ({
    loopDelay: createHistogram(),
    lag: createHistogram(),
    ping: createHistogram(),
  }))
  const reader = new HealthReader(shards)
  for (let i = 0; i < 99; i++)
    for (const { loopDelay, lag } of shards) {
      loopDelay.record(21_000_000)
      lag.record(500)
    }
  for (let i = 0; i < 3; i++) shards[1]!.loopDelay.record(120_000_000)
  for (let i = 0; i < 3; i++) shards[0]!.lag.record(80_000)
  const { loopDelayP99Ms, loopDelayMaxMs, scheduleLagP99Ms } = reader.read()
  near(loopDelayP99Ms, 100)
  near(loopDelayMaxMs, 100)
  near(scheduleLagP99Ms, 80)
  for (const { loopDelay } of shards) loopDelay.record(20_500_000)
  const next = reader.read()
  assert.ok(next.loopDelayMaxMs < 2)
  assert.is(next.scheduleLagP99Ms, 0)
})

test('pings of all shards together; none where none was answered', () => {
  const shards = [1, 2].map(() => ({
    loopDelay: createHistogram(),
    lag: createHistogram(),
    ping: createHistogram(),
  }))
  const reader = new HealthReader(shards)
  assert.is(reader.read().pings, undefined)
  for (const micros of [900, 2000]) shards[0]!.ping.record(micros)
  shards[1]!.ping.record(9_500_000)
  const { pings } = reader.read()
  assert.is(pings?.answered, 3)
  near(pings!.quickestMs, 0.9)
  near(pings!.slowestMs, 9500)
  assert.is(reader.read().pings, undefined)
})

test('a shard that has recorded nothing for long is stuck, not perfect', async () => {
  const reader = new HealthReader([
    { loopDelay: createHistogram(), lag: createHistogram(), ping: createHistogram() },
  ])
  reader.read()
  await new Promise((resolve) => setTimeout(resolve, 250))
  assert.ok(reader.read().loopDelayMaxMs >= 240)
  await new Promise((resolve) => setTimeout(resolve, 250))
  assert.ok(reader.read().loopDelayMaxMs >= 490, 'as long as it has been, not only since the reading before')
})

test.run()
