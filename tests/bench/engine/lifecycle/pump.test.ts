import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Pump } from '#weir/bench/engine/lifecycle/deadlines.ts'
import { until } from '../../support/until.ts'

const clock = { nowMs: () => performance.now() }

test('it works when the earliest of all asked-for instants has come, and then not again', async () => {
  const workedAt: number[] = []
  const pump = new Pump(clock, () => workedAt.push(clock.nowMs()))
  const startMs = clock.nowMs()
  pump.wakeAt(startMs + 10_000)
  pump.wakeAt(startMs + 30)
  pump.wakeAt(startMs + 5000)
  await until('it worked', () => workedAt.length === 1)
  // A timer may be a millisecond early against a clock with fractions: the work looks again then.
  assert.ok(workedAt[0]! - startMs >= 28)
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.is(workedAt.length, 1)
  pump.stop()
})

test('an instant in the past, or beyond what a timer can hold', async () => {
  let worked = 0
  const pump = new Pump(clock, () => worked++)
  pump.wakeAt(clock.nowMs() + 1e15)
  pump.wakeAt(clock.nowMs() - 5)
  await until('it worked', () => worked === 1)
  pump.wakeAt(clock.nowMs() + 1e15)
  await new Promise((resolve) => setTimeout(resolve, 30))
  assert.is(worked, 1)
  pump.stop()
})

test('stopped, it stays so', async () => {
  let worked = 0
  const pump = new Pump(clock, () => worked++)
  pump.wakeAt(clock.nowMs() + 5)
  pump.stop()
  pump.wakeAt(clock.nowMs() + 5)
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.is(worked, 0)
})

test.run()
