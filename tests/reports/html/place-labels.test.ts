/** Labels of moments: beside their lines, in the plot, none over another. */
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Label, placeLabels } from '#weir/reports/html/page/place-labels.ts'

test('a label stands to the right of its line in the first row, and to the left where the next line would cross it', () => {
  assert.equal(placeLabels([{ at: 100, width: 50 }], 400), [{ left: 104, row: 0 }])
  assert.equal(
    placeLabels(
      [
        { at: 100, width: 50 },
        { at: 120, width: 50, isFirst: true },
      ],
      400,
    ),
    [
      { left: 46, row: 0 },
      { left: 124, row: 0 },
    ],
  )
})

test('a line outside the plot has no label, and lines at one place share the rows until none is left', () => {
  const lines = [-5, 405, ...Array.from({ length: 8 }, () => 200)]
  const places = placeLabels(
    lines.map((at) => ({ at, width: 50 })),
    400,
  )
  assert.equal(places.slice(0, 2), [undefined, undefined])
  assert.is(places.filter(Boolean).length, 6)
})

test('no two labels overlap and each stands beside its line, whatever lines there are', () => {
  const label = fc.record({
    at: fc.double({ min: -50, max: 650, noNaN: true }),
    width: fc.integer({ min: 10, max: 120 }),
  })
  fc.assert(
    fc.property(fc.array(label, { maxLength: 12 }), (labels: Label[]) => {
      const placed = placeLabels(labels, 600).flatMap((place, index) =>
        place ? [{ ...place, ...labels[index]! }] : [],
      )
      for (const [index, one] of placed.entries()) {
        assert.ok(one.left >= 0 && one.left + one.width <= 600)
        const gap = Math.min(Math.abs(one.left - one.at), Math.abs(one.left + one.width - one.at))
        assert.ok(gap < 4.001, `${gap}`)
        for (const other of placed.slice(index + 1))
          assert.ok(
            one.row !== other.row ||
              one.left >= other.left + other.width ||
              other.left >= one.left + one.width,
          )
      }
    }),
  )
})

test.run()
