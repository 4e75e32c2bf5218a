import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { firstOf, Ranges, sizeOf, subtract } from '#weir/bench/ledger/ranges.ts'

const operation = fc.record({
  add: fc.boolean(),
  from: fc.integer({ min: 1, max: 80 }),
  length: fc.integer({ min: 0, max: 9 }),
})

test('ranges are the set of what was added and not removed', () => {
  fc.assert(
    fc.property(fc.array(operation), (operations) => {
      const ranges = new Ranges()
      const set = new Set<number>()
      for (const { add, from, length } of operations)
        if (add) {
          ranges.add(from, from + length)
          for (let value = from; value <= from + length; value++) set.add(value)
        } else assert.is(ranges.remove(from), set.delete(from))
      const sorted = [...set].sort((a, b) => a - b)
      assert.equal(firstOf(ranges.list(), 1000), sorted)
      assert.is(ranges.size, set.size)
      for (let value = 0; value < 100; value++) assert.is(ranges.has(value), set.has(value))
      const list = ranges.list()
      for (const [i, { from }] of list.entries())
        if (i > 0) assert.ok(from > list[i - 1]!.to + 1, 'neighbours are one range')
      assert.is(ranges.overflow, false)
    }),
  )
})

test('beyond its bound a set says so, and never calls missing what came', () => {
  fc.assert(
    fc.property(fc.array(operation), (operations) => {
      const ranges = new Ranges(3)
      const set = new Set<number>()
      for (const { add, from, length } of operations)
        if (add) {
          ranges.add(from, from + length)
          for (let value = from; value <= from + length; value++) set.add(value)
        } else {
          ranges.remove(from)
          set.delete(from)
        }
      const list = ranges.list()
      assert.ok(list.length <= 3)
      for (const value of firstOf(list, 1000)) assert.ok(set.has(value), `${value}`)
      if (!ranges.overflow) assert.is(sizeOf(list), set.size)
    }),
  )
})

test('subtract leaves what the others do not cover', () => {
  const range = fc.record({ from: fc.integer({ min: 1, max: 60 }), length: fc.nat(8) })
  fc.assert(
    fc.property(fc.array(range), fc.array(range), (some, others) => {
      const make = (list: typeof some) => {
        const ranges = new Ranges()
        for (const { from, length } of list) ranges.add(from, from + length)
        return ranges
      }
      const left = subtract(make(some).list(), make(others).list())
      const wanted = firstOf(make(some).list(), 1000).filter((value) => !make(others).has(value))
      assert.equal(firstOf(left, 1000), wanted)
    }),
  )
})

test.run()
