/** The rolling update of operator 3.0, emulated: an honest run passes, and what an operator or EMQX may do wrong in it is found. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { AssertionId } from '#weir/facts/index.ts'
import type { FaultName } from '#weir/testbed/faults/index.ts'
import { set } from './dialects.ts'
import { Pool } from './pool.ts'
import { describe, runFit } from './weir.ts'

const pool = new Pool(4)

const STRATEGY = 'cluster.manifest.spec.updateStrategy.evacuationStrategy'
const SMALL = [
  'rolling-evacuation-v3-quick',
  ...set([
    'fleet.clients=300',
    `${STRATEGY}.connectionEvictionRate=20`,
    `${STRATEGY}.sessionEvictionRate=20`,
  ]),
]

const run = (...flags: string[]) =>
  pool.queue(() =>
    runFit([...SMALL, ...flags], (made) => ({
      code: made.code,
      failed: made.ids('fail'),
      text: describe(made),
    })),
  )

const honest = run()
const FAULTS: readonly [FaultName, AssertionId][] = [
  ['all-at-once', 'eviction-envelope'],
  ['delete-undrained', 'drained-before-delete'],
  ['parallel-evacuation', 'evacuation-serial'],
  ['ready-early', 'state-truth'],
]

test('an honest rolling update passes', async () => {
  const { code, text } = await honest
  assert.is(code, 0, text)
})

for (const [fault, id] of FAULTS) {
  const made = run('--fault', fault)
  test(`${fault} is caught by ${id}`, async () => {
    const { code, failed, text } = await made
    assert.ok(failed.includes(id), text)
    assert.is(code, 1, text)
  })
}

test.run()
