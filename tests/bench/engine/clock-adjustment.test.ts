import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ClockAdjustment } from '#weir/bench/engine/clock.ts'

test('a clock that is ahead loses until it is not, and never goes backwards', () => {
  for (const aheadMs of [0.3, -0.3, 40, -40]) {
    const clock = new ClockAdjustment(ClockAdjustment.memory())
    assert.is(clock.of(5000), 5000)
    clock.slew(5000, aheadMs)
    assert.is(clock.of(4000), 4000, 'what was before is as it was')
    assert.is(clock.of(5000), 5000, 'no step')
    let last = Number.NEGATIVE_INFINITY
    for (let rawMs = 5000; rawMs < 200_000; rawMs += 7) {
      const ms = clock.of(rawMs)
      assert.ok(ms > last)
      last = ms
    }
    assert.ok(Math.abs(clock.of(200_000) - (200_000 - aheadMs)) < 1e-6)
  }
})

test('a correction during another goes on from where that is', () => {
  const clock = new ClockAdjustment(ClockAdjustment.memory())
  clock.slew(0, 10)
  const halfway = clock.of(10_000)
  clock.slew(10_000, 2)
  assert.ok(Math.abs(clock.of(10_000) - halfway) < 1e-9)
  assert.ok(Math.abs(clock.of(60_000) - (60_000 - (10_000 - halfway) - 2)) < 1e-6)
})

test('threads see each other’s corrections, as many as there are', () => {
  const memory = ClockAdjustment.memory()
  const [writer, reader] = [new ClockAdjustment(memory), new ClockAdjustment(memory)]
  for (let i = 0; i < 1000; i++) {
    writer.slew(i * 5000, i % 2 === 0 ? 0.2 : -0.2)
    assert.is(reader.of(i * 5000 + 100), writer.of(i * 5000 + 100))
  }
  assert.ok(Math.abs(reader.of(6_000_000) - 6_000_000) < 1e-6)
})

test.run()
