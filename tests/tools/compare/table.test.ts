import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ratios, spread } from '#weir/tools/compare/table.ts'

test('a spread is the median with its ends', () => {
  assert.is(spread([3, 1, 2]), '2.00 (1.00–3.00)')
  assert.is(spread([undefined, 1.234]), '1.23 (1.23–1.23)')
  assert.is(spread([]), '–')
})

test('ratios are taken within a round, and only where both got there', () => {
  const weir = [{ cpuSeconds: 1 }, { failure: 'x' }, { cpuSeconds: 4 }]
  const other = [{ cpuSeconds: 3 }, { cpuSeconds: 5 }, { cpuSeconds: 2 }]
  assert.equal(ratios(other, weir, 'cpuSeconds'), [3, 0.5])
})

test.run()
