import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { firstOf, type Range, sizeOf } from '#weir/bench/ledger/ranges.ts'
import { type Arrival, Receipts } from '#weir/bench/ledger/receipts.ts'
import { SlowAccount } from './reference.ts'

/** What happens between a broker and a subscriber, one step after the other. */
type Step =
  | { kind: 'deliver'; skip: number; copies: number; duplicateFlag: boolean; back: number }
  | { kind: 'jump'; by: number }
  | { kind: 'reconnect'; sessionLost: boolean }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      skip: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.nat(3)),
      copies: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.nat(2)),
      duplicateFlag: fc.boolean(),
      // How far behind the highest one the message is: beyond the window, too.
      back: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.nat(5), fc.nat(150)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('jump' as const), by: fc.nat(300) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('reconnect' as const), sessionLost: fc.boolean() }),
  },
)

const numbers = (ranges: readonly Range[]) => firstOf(ranges, sizeOf(ranges))

function arrival(changes: Partial<Arrival> = {}): Arrival {
  return { epoch: 1, sinceMs: 0, connection: 1, qos: 1, duplicateFlag: false, nowMs: 0, ...changes }
}

for (const window of [32, 64, 512])
  test(`a window of ${window} tells what an account that remembers everything tells`, () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 250, size: 'max' }),
        fc.constantFrom<0 | 1 | 2>(0, 1, 2),
        (steps, qos) => {
          const receipts = new Receipts(window)
          const slow = new SlowAccount()
          const now = { epoch: 1, connection: 1, next: 1 }
          for (const it of steps) {
            if (it.kind === 'jump') now.next += it.by
            else if (it.kind === 'reconnect') {
              now.connection++
              if (it.sessionLost) now.epoch++
            } else {
              now.next += it.skip
              const sequence = Math.max(1, now.next - it.back)
              if (it.back === 0) now.next++
              for (let copy = 0; copy <= it.copies; copy++) {
                const how = arrival({ ...now, qos, duplicateFlag: it.duplicateFlag })
                assert.is(receipts.take(7, 0, 3, sequence, how), slow.take(sequence, how), `${sequence}`)
              }
            }
          }
          const [receipt] = [...receipts.list()]
          if (!receipt) {
            assert.is(slow.received, 0)
            return
          }
          assert.is(receipt.overflow, false)
          const { high, received, duplicated, redelivered, reordered } = receipt
          assert.equal(
            { high, received, duplicated, redelivered, reordered },
            {
              high: slow.high,
              received: slow.received,
              duplicated: slow.duplicated,
              redelivered: slow.redelivered,
              reordered: slow.reordered,
            },
          )
          assert.equal(numbers(receipt.missing), slow.missing())
          const excused = numbers(receipt.missing).filter((sequence) =>
            receipt.excuses.some(({ from, to }) => from <= sequence && sequence <= to),
          )
          if (receipt.excuses.length < 16) assert.equal(excused, slow.excusedMissing())
          else for (const sequence of slow.excusedMissing()) assert.ok(excused.includes(sequence))
          assert.equal(
            receipt.copies.map(({ sequence }) => sequence),
            slow.copies.slice(0, 32),
          )
        },
      ),
      { numRuns: 400 },
    )
  })

test('pairs are kept apart, however many there are', () => {
  const receipts = new Receipts()
  for (let subscriber = 0; subscriber < 60; subscriber++)
    for (let publisher = 0; publisher < 60; publisher++)
      for (const sequence of publisher % 2 ? [1, 2, 3] : [1, 3])
        receipts.take(subscriber, 0, publisher, sequence, arrival())
  const all = [...receipts.list()]
  assert.is(all.length, 3600)
  for (const { publisher, received, missing } of all) {
    assert.is(received, publisher % 2 ? 3 : 2)
    assert.equal(missing, publisher % 2 ? [] : [{ from: 2, to: 2 }])
  }
})

test('holes beyond the memory are reported as overflow, not forgotten in silence', () => {
  const receipts = new Receipts()
  for (let sequence = 1; sequence < 2000; sequence += 2) receipts.take(0, 0, 0, sequence, arrival())
  const [receipt] = [...receipts.list()]
  assert.is(receipt!.received, 1000)
  assert.is(receipt!.overflow, true)
  assert.ok(sizeOf(receipt!.missing) < 999)
})

test('retained messages are no receipts', () => {
  const receipts = new Receipts()
  receipts.retained(1, 0, 2)
  receipts.take(1, 0, 2, 1, arrival())
  const [receipt] = [...receipts.list()]
  assert.is(receipt!.retained, 1)
  assert.is(receipt!.received, 1)
  assert.is(receipt!.duplicated, 0)
})

test.run()
