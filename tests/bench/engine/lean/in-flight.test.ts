import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AWAITS_PUBACK, FREE, InFlight } from '#weir/bench/engine/lean/in-flight.ts'

test('packet ids are the message they were given to, until it is answered, and never shared', () => {
  const step = fc.record({ answer: fc.boolean(), which: fc.nat(1000) })
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 300, size: 'max' }),
      fc.integer({ min: 1, max: 40 }),
      (steps, most) => {
        const inFlight = new InFlight(most)
        const slow = new Map<number, number>()
        let sequence = 0
        for (const { answer, which } of steps) {
          if (answer && slow.size > 0) {
            const id = [...slow.keys()][which % slow.size]!
            inFlight.remove(id)
            slow.delete(id)
            assert.is(inFlight.state(id), FREE)
            continue
          }
          const id = inFlight.add(AWAITS_PUBACK, ++sequence, sequence * 10)
          if (slow.size === most) assert.is(id, 0, 'there is no room')
          else {
            assert.ok(id >= 1 && id <= most && !slow.has(id))
            slow.set(id, sequence)
          }
        }
        assert.is(inFlight.size, slow.size)
        for (const [id, number] of slow) {
          assert.is(inFlight.state(id), AWAITS_PUBACK)
          assert.is(inFlight.sequence(id), number)
          assert.is(inFlight.plannedMs(id), number * 10)
        }
        assert.equal(
          inFlight.ids(),
          [...slow].sort(([, a], [, b]) => a - b).map(([id]) => id),
          'in the order of sending',
        )
      },
    ),
  )
})

test('an id that was given back rests while there is another, and then waits its turn', () => {
  const inFlight = new InFlight(3)
  const taken: number[] = []
  for (let sequence = 1; sequence <= 8; sequence++) {
    const id = inFlight.add(AWAITS_PUBACK, sequence, 0)
    assert.is.not(id, taken.at(-1))
    taken.push(id)
    inFlight.remove(id)
  }
  assert.equal([...new Set(taken)].sort(), [1, 2])
  assert.equal(
    [9, 10, 11, 12].map((sequence) => inFlight.add(AWAITS_PUBACK, sequence, 0)),
    [1, 3, 2, 0],
  )
})

test('an id that was never given out is free', () => {
  assert.is(new InFlight(10).state(65_535), FREE)
})

test.run()
