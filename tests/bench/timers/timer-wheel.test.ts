import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { TimerWheel } from '#weir/bench/timers/timer-wheel.ts'

/** Advances and returns who fired, in order. */
function fired(wheel: TimerWheel, nowMs: number): number[] {
  const ids: number[] = []
  wheel.advance(nowMs, (id) => ids.push(id))
  return ids
}

test('a timer fires at its deadline, not before, and once', () => {
  const wheel = new TimerWheel(3, 1000)
  wheel.set(1, 1500.5)
  assert.equal(fired(wheel, 1500.4), [])
  assert.equal(fired(wheel, 1500.5), [1])
  assert.equal(fired(wheel, 9999), [])
  assert.is(wheel.size, 0)
})

test('setting again replaces the deadline, earlier or later', () => {
  const wheel = new TimerWheel(2, 0)
  wheel.set(0, 100)
  wheel.set(0, 300)
  wheel.set(1, 300)
  wheel.set(1, 100)
  assert.equal(fired(wheel, 200), [1])
  assert.equal(fired(wheel, 300), [0])
})

test('a cancelled timer never fires, and cancelling twice does nothing', () => {
  const wheel = new TimerWheel(3, 0)
  for (const id of [0, 1, 2]) wheel.set(id, 100)
  wheel.cancel(1)
  wheel.cancel(1)
  assert.is(wheel.size, 2)
  assert.equal(fired(wheel, 100).sort(), [0, 2])
})

test('deadlines of later turns stay until their turn comes', () => {
  const wheel = new TimerWheel(3, 0, { slotMs: 10, slots: 8 })
  // The same slot, one turn (80 ms) apart each.
  for (const id of [0, 1, 2]) wheel.set(id, 45 + 80 * id)
  assert.equal(fired(wheel, 50), [0])
  assert.equal(fired(wheel, 124), [])
  assert.equal(fired(wheel, 125), [1])
  assert.equal(fired(wheel, 205), [2])
})

test('a long sleep over many turns fires all that came due', () => {
  const wheel = new TimerWheel(4, 0, { slotMs: 10, slots: 8 })
  for (const id of [0, 1, 2, 3]) wheel.set(id, 30 + 300 * id)
  assert.equal(fired(wheel, 800).sort(), [0, 1, 2])
  assert.equal(fired(wheel, 930), [3])
})

test('a deadline in the past fires at the next advance', () => {
  const wheel = new TimerWheel(2, 0)
  wheel.set(0, 5000)
  fired(wheel, 4000)
  wheel.set(1, 17)
  assert.is(wheel.nextDueMs(), 17)
  assert.equal(fired(wheel, 4000), [1])
})

test('what fires may set its own timer again and cancel that of another', () => {
  const wheel = new TimerWheel(3, 0)
  for (const id of [0, 1]) wheel.set(id, 10)
  const ids: number[] = []
  wheel.advance(10, (id) => {
    ids.push(id)
    wheel.cancel(id === 0 ? 1 : 0)
    wheel.set(id, 10)
  })
  assert.is(ids.length, 1, 'the other one was cancelled, and the new timer waits for the next advance')
  assert.equal(fired(wheel, 10), ids)
})

test('a wheel without timers has nothing to wait for', () => {
  const wheel = new TimerWheel(1, 0)
  assert.is(wheel.nextDueMs(), Number.POSITIVE_INFINITY)
  wheel.set(0, 50)
  wheel.cancel(0)
  assert.is(wheel.nextDueMs(), Number.POSITIVE_INFINITY)
})

const IDS = 6
type Command =
  | { do: 'set'; id: number; inMs: number }
  | { do: 'cancel'; id: number }
  | { do: 'sleep'; ms: number }
const id = fc.integer({ min: 0, max: IDS - 1 })
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ do: fc.constant('set' as const), id, inMs: fc.integer({ min: -50, max: 900 }) }),
  fc.record({ do: fc.constant('cancel' as const), id }),
  fc.record({ do: fc.constant('sleep' as const), ms: fc.integer({ min: 0, max: 700 }) }),
)

test('any history: fires exactly what a list of deadlines would, and never asks to be woken too late', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const wheel = new TimerWheel(IDS, 0, { slotMs: 8, slots: 16 })
      const deadlines = new Map<number, number>()
      let nowMs = 0
      for (const step of commands) {
        if (step.do === 'set') {
          wheel.set(step.id, nowMs + step.inMs)
          deadlines.set(step.id, nowMs + step.inMs)
        } else if (step.do === 'cancel') {
          wheel.cancel(step.id)
          deadlines.delete(step.id)
        } else {
          nowMs += step.ms
          const due = [...deadlines].filter(([, dueMs]) => dueMs <= nowMs).map(([each]) => each)
          for (const each of due) deadlines.delete(each)
          assert.equal(fired(wheel, nowMs).sort(), due.sort())
        }
        assert.is(wheel.size, deadlines.size)
        assert.ok(wheel.nextDueMs() <= Math.min(Number.POSITIVE_INFINITY, ...deadlines.values()))
      }
    }),
    { numRuns: 500 },
  )
})

test('waking when asked to reaches every deadline on time, in few wakings', () => {
  const wheel = new TimerWheel(IDS, 0, { slotMs: 8, slots: 16 })
  const deadlines = [3, 700, 64, 64.5, 5000, 129]
  for (const [each, dueMs] of deadlines.entries()) wheel.set(each, dueMs)
  const seen: [number, number][] = []
  let wakings = 0
  while (wheel.size > 0) {
    const nowMs = wheel.nextDueMs()
    wheel.advance(nowMs, (each) => seen.push([each, nowMs]))
    assert.ok(++wakings < 100)
  }
  assert.equal(
    seen,
    [0, 2, 3, 5, 1, 4].map((each) => [each, deadlines[each]]),
  )
})

test.run()
