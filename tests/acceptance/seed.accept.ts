/** The seed's own upgrade (3000 clients, 10 per second) on both operator lines, and the control. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { describe, runFit } from './weir.ts'

test('blue-green on operator 2.1.2 passes', () =>
  runFit(['blue-green'], (run) => {
    assert.is(run.verdict.outcome, 'pass', describe(run))
    assert.is(run.code, 0)
  }))

test('blue-green on operator 2.2.29 drops whole nodes, and weir says so', () =>
  runFit(['blue-green', '--set', 'testbed.operator=2.2.29'], (run) => {
    const failed = run.ids('fail')
    for (const id of ['eviction-envelope', 'no-storm', 'hops', 'drained-before-delete', 'evacuation-serial'])
      assert.ok(failed.includes(id), `${id} did not fail:\n${describe(run)}`)
    assert.is(run.code, 1)
    assert.match(run.verdict.headline, /clients/)
  }))

test('rolling shows the storm', () =>
  runFit(['rolling'], (run) => {
    const failed = run.ids('fail')
    for (const id of ['eviction-envelope', 'no-storm'])
      assert.ok(failed.includes(id), `${id} did not fail:\n${describe(run)}`)
    assert.is(run.code, 1)
  }))

test.run()
