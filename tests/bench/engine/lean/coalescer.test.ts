import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Coalescer } from '#weir/bench/engine/lean/coalescer.ts'

/** A thread whose turns are told by the test: each takes `ms` and brings `packets`. */
class Thread {
  nowMs = 1000
  paused = 0
  #run = () => {}
  readonly #coalescer = new Coalescer(
    { nowMs: () => this.nowMs },
    {
      afterTurn: (run) => (this.#run = run),
      pause: (ms) => {
        this.paused++
        this.nowMs += ms
      },
    },
  )

  turns(count: number, ms: number, packets: number, reads = 1): number {
    const before = this.paused
    for (let i = 0; i < count; i++) {
      this.nowMs += ms
      if (packets === 0) continue
      for (let read = 0; read < reads; read++) this.#coalescer.heard(packets / reads)
      this.#run()
    }
    return this.paused - before
  }
}

test('at rates that people measure latencies at, nothing pauses', () => {
  const thread = new Thread()
  // 10,000 packets a second, one a turn.
  assert.is(thread.turns(5000, 0.1, 1), 0)
})

test('a busy thread pauses once a turn, however many reads the turn had', () => {
  const thread = new Thread()
  assert.ok(thread.turns(40, 0.6, 30) > 0, '50,000 a second is busy')
  assert.is(thread.turns(100, 0.1, 30, 10), 100)
})

test('what is still busy after its pauses goes on pausing, and stops when the load goes', () => {
  const thread = new Thread()
  thread.turns(40, 0.6, 30)
  // With 0.3 ms of pause in each turn: 30 packets in 0.4 ms.
  assert.is(thread.turns(200, 0.1, 30), 200)
  assert.ok(thread.turns(200, 1, 1) < 20, 'one window later at most')
  assert.is(thread.turns(200, 1, 1), 0)
})

test('after a silence the first packets do not pause', () => {
  const thread = new Thread()
  thread.turns(40, 0.6, 30)
  thread.turns(1, 5000, 0)
  assert.is(thread.turns(1, 0.1, 1), 0)
})

test.run()
