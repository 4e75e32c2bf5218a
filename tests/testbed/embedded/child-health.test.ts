import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ChildHealth } from '#weir/testbed/embedded/child-health.ts'

const quiet = { watchedMs: 250, lateMs: 0, loopDelayP99Ms: 1, loopDelayMaxMs: 2 }

test('reports are added up, and a reading starts anew', () => {
  let nowMs = 0
  const health = new ChildHealth(() => nowMs)
  nowMs = 250
  health.heard(quiet)
  nowMs = 500
  health.heard({ ...quiet, lateMs: 50, loopDelayMaxMs: 100 })
  assert.equal(health.read(), { watchedMs: 500, lateMs: 50, loopDelayP99Ms: 1, loopDelayMaxMs: 100 })
  assert.is(health.read().watchedMs, 0)
})

test('a process that is silent is late for as long as it has been', () => {
  let nowMs = 0
  const health = new ChildHealth(() => nowMs)
  health.heard(quiet)
  health.read()
  nowMs = 700
  assert.is(health.read().loopDelayMaxMs, 0, 'a report or two may be on their way')
  nowMs = 1500
  assert.equal(health.read(), { watchedMs: 800, lateMs: 800, loopDelayP99Ms: 1500, loopDelayMaxMs: 1500 })
  nowMs = 2500
  assert.equal(health.read(), { watchedMs: 1000, lateMs: 1000, loopDelayP99Ms: 2500, loopDelayMaxMs: 2500 })
  // What it measured itself arrives when it goes on.
  health.heard({ watchedMs: 2750, lateMs: 2600, loopDelayP99Ms: 2650, loopDelayMaxMs: 2650 })
  assert.is(health.read().loopDelayMaxMs, 2650)
})

test.run()
