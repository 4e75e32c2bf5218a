import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addCondition } from '#weir/testbed/operator/v1beta4/steps/update-status.ts'
import type { EnterpriseCondition } from '#weir/testbed/operator/v1beta4/types.ts'
import { fnv32a, safeEncode, templateSuffix } from '#weir/testbed/runtime/hash.ts'

const ready = { type: 'Running', status: 'True', reason: 'ClusterReady' } as const
const notReady = { type: 'Running', status: 'False', reason: 'ClusterNotReady' } as const
const updating = { type: 'BlueGreenUpdating', status: 'True' } as const
const shown = (conditions: EnterpriseCondition[]) =>
  conditions.map(({ type, status, lastUpdateTime, lastTransitionTime }) =>
    [type, status, lastUpdateTime.slice(17, 19), lastTransitionTime.slice(17, 19)].join(' '),
  )

test('conditions: newest first; only the first keeps its transition time, even when it flips', () => {
  let conditions = addCondition([], ready, 1000)
  conditions = addCondition(conditions, ready, 2000)
  assert.equal(shown(conditions), ['Running True 02 01'])
  conditions = addCondition(conditions, notReady, 3000)
  assert.equal(shown(conditions), ['Running False 03 01'])
  conditions = addCondition(conditions, updating, 4000)
  assert.equal(shown(conditions), ['BlueGreenUpdating True 04 04', 'Running False 03 01'])
  conditions = addCondition(conditions, ready, 5000)
  assert.equal(shown(conditions), ['Running True 05 05', 'BlueGreenUpdating True 04 04'])
})

test('suffixes: FNV-1a, in an alphabet that spells no words, another one for each collision', () => {
  assert.is(safeEncode('1234567890'), '56789bcdf4')
  assert.is(fnv32a(Buffer.from('foobar')), 0xbf9cf968)
  const template = { spec: { containers: [{ image: 'emqx/emqx-ee:4.4.14' }] } }
  const suffixes = [0, 1, 2].map((collisions) => templateSuffix(template, collisions))
  for (const suffix of suffixes) assert.match(suffix, /^[4-9bcdf]{1,10}$/)
  assert.is(new Set(suffixes).size, 3)
  assert.is(templateSuffix(structuredClone(template), 0), suffixes[0])
})

test.run()
