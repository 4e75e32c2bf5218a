import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { mergedPatches } from '#weir/scenarios/actions/merged-patches.ts'

test('one patch does what both do', () => {
  const version = { spec: { image: 'emqx:5.8.7', updateStrategy: { type: 'Recreate' } } }
  const rates = { spec: { updateStrategy: { evacuationStrategy: { connEvictRate: 30 } } } }
  assert.equal(mergedPatches(version, rates), {
    spec: {
      image: 'emqx:5.8.7',
      updateStrategy: { type: 'Recreate', evacuationStrategy: { connEvictRate: 30 } },
    },
  })
  assert.equal(version.spec.updateStrategy, { type: 'Recreate' })
})

test('where both have a value, the second counts: a list is one, and null takes away', () => {
  assert.equal(mergedPatches({ a: [1], b: { c: 1 }, d: 2 }, { a: [2, 3], b: null }), {
    ...{ a: [2, 3], b: null, d: 2 },
  })
})

test.run()
