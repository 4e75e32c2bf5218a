import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startClock } from '#weir/scenarios/run/clock.ts'
import { every } from '#weir/scenarios/run/every.ts'

const until = async (so: () => boolean) => {
  while (!so()) await new Promise((resolve) => setTimeout(resolve, 2))
}

test('each multiple of the interval comes at most once, and never early by more than a timer may be', async () => {
  const clock = startClock()
  const first = Math.floor(clock.now() / 1e7) + 1
  const ticks: number[] = []
  const ticker = every(clock, 0.01, () => void ticks.push(clock.now() / 1e7))
  await until(() => ticks.length >= 20)
  await ticker.stop()
  for (const [index, tick] of ticks.entries()) assert.ok(tick >= first + index - 0.2, `${ticks}`)
})

test('calls do not overlap, and stop waits for the one under way', async () => {
  let running = 0
  let most = 0
  let done = 0
  const ticker = every(startClock(), 0.002, async () => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, 15))
    running--
    done++
  })
  await until(() => done >= 2 && running === 1)
  await ticker.stop()
  assert.is(running, 0)
  assert.is(most, 1)
  const then = done
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.is(done, then, 'nothing comes after stop')
})

test.run()
