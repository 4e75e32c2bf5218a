import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openWithin } from '#weir/assertions/evidence/tracks.ts'
import type { RunView } from '#weir/record/view/index.ts'

const viewOf = (rows: [node: number, fromT: number, toT: number][]) =>
  ({
    connections: {
      length: rows.length,
      node: rows.map(([node]) => node),
      from: rows.map(([, from]) => from),
      to: rows.map(([, , to]) => to),
    },
  }) as unknown as RunView

test('the fewest and the most connections of a time are those of any instant in it, not of its ends alone', () => {
  const run = viewOf([
    [0, 1, 100],
    [0, 20, 30],
    [0, 21, 31],
    [0, 5, 10],
    [0, 5, 12],
    [1, 22, 30],
  ])
  assert.equal(openWithin(run, 0, 6, 40), { least: 1, most: 3 })
  assert.equal(openWithin(run, 0, 6, 8), { least: 3, most: 3 })
  assert.equal(openWithin(run, 0, 13, 15), { least: 1, most: 1 })
  assert.equal(openWithin(run, 2, 0, 50), { least: 0, most: 0 })
})

test.run()
