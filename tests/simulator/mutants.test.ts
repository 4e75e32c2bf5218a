import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import type { DialectName } from '#weir/facts/index.ts'
import { FAULTS, faultsOfUpdate } from '#weir/testbed/faults/index.ts'
import { mutantOf, quickEmqx5, quickMutantOf, type Settings, simulate, withEmqx5 } from './index.ts'

const RUNS = 6

const DIALECTS: [on: DialectName, name: string, as: (settings: Settings) => Settings][] = [
  ['v1beta4', 'EMQX 4.4', (settings) => settings],
  ['v2beta1', 'EMQX 5', withEmqx5],
]

for (const [on, dialect, as] of DIALECTS)
  for (const { name, caughtBy, alsoFails } of faultsOfUpdate(on))
    test(`${dialect}: ${name} is caught by ${caughtBy.join(' and ')} in each of ${RUNS} runs, and blamed on nothing else`, () => {
      for (let seed = 1; seed <= RUNS; seed++) {
        const { findings } = judge(simulate(as(mutantOf(seed, name))))
        for (const id of caughtBy) {
          const found = findings.find((finding) => finding.id === id)
          // A starved harness is nobody's failure: it makes the run inconclusive.
          const expected = id === 'harness-healthy' ? 'inconclusive' : 'fail'
          assert.is(found?.outcome, expected, `seed ${seed}: ${id} says ${found?.sentence}`)
        }
        const mayFail: readonly string[] = [...caughtBy, ...alsoFails]
        for (const { id, outcome, sentence } of findings)
          if (outcome === 'fail')
            assert.ok(mayFail.includes(id), `seed ${seed}: ${id} fails too: ${sentence}`)
      }
    })

/** Faults of the cluster must show with the short numbers of blue-green-quick as well. */
const QUICK = [
  'parallel-evacuation',
  'wrong-order',
  'skip-takeover-wait',
  'no-initial-delay',
  'switch-late',
  'endpoints-empty',
  'node-ports-move',
  'delete-undrained',
  'half-upgrade',
  'status-early',
  'wrong-recipients',
  'blackout',
  'evacuation-stuck',
]

const QUICK_DIALECTS: [string, (settings: Settings) => Settings, string[]][] = [
  ['blue-green-quick', (settings) => settings, QUICK],
  ['blue-green-v5-quick', quickEmqx5, [...QUICK, 'skip-health-wait']],
]

for (const [scenario, as, names] of QUICK_DIALECTS)
  test(`with the short numbers of ${scenario} each fault of the cluster is caught as well`, () => {
    for (const name of names)
      for (let seed = 1; seed <= RUNS; seed++) {
        const { findings } = judge(simulate(as(quickMutantOf(seed, name))))
        for (const id of FAULTS.find((fault) => fault.name === name)?.caughtBy ?? []) {
          const found = findings.find((finding) => finding.id === id)
          assert.is(found?.outcome, 'fail', `${name}, seed ${seed}: ${id} says ${found?.sentence}`)
        }
      }
  })

test('a starved harness fails nothing and leaves every verdict on rates and times open', () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    const { outcome, findings } = judge(simulate(mutantOf(seed, 'starved-generator')))
    assert.is(outcome, 'inconclusive')
    for (const id of ['eviction-envelope', 'no-storm', 'downtime', 'initial-delay'])
      assert.is(findings.find((finding) => finding.id === id)?.outcome, 'inconclusive', id)
  }
})

test.run()
