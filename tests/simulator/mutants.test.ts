import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { FAULTS } from '#weir/testbed/faults/index.ts'
import { mutantOf, quickMutantOf, simulate } from './index.ts'

const RUNS = 6

/** What follows from a fault, beside what must catch it: these may fail too, and nothing else may. */
const FOLLOWS: Record<string, string[]> = {
  'rate-ignored': ['eviction-slope', 'no-storm', 'offline-peak', 'conservation'],
  'all-at-once': ['eviction-slope', 'offline-peak', 'conservation', 'gauge-truth'],
  'double-tick': ['eviction-slope', 'no-storm', 'offline-peak', 'conservation'],
  'rate-13': ['eviction-envelope', 'no-storm', 'offline-peak'],
  'evacuation-slow': ['eviction-slope'],
  'gauge-frozen': ['conservation', 'eviction-slope'],
  'gauge-lies': ['conservation'],
  'parallel-evacuation': ['no-storm', 'offline-peak', 'conservation', 'eviction-envelope'],
  // Old nodes that refuse are met again and again.
  'switch-late': [
    'hops',
    'no-storm',
    'amplification',
    'refusals',
    'offline-peak',
    'downtime',
    'eviction-floor',
    'eviction-slope',
    'evacuation-serial',
    'conservation',
  ],
  bounce: ['eviction-envelope', 'eviction-floor', 'no-storm', 'landing', 'offline-peak'],
  // The operator counts from when it sees the endpoints, and that takes it one more poll.
  'endpoints-empty': ['initial-delay'],
  'refuse-some': ['no-storm', 'amplification', 'offline-peak', 'downtime'],
  'slow-accept': ['offline-peak', 'no-storm', 'conservation'],
  'lost-client': ['no-storm', 'amplification', 'offline-peak', 'downtime', 'refusals'],
  // Whoever is dropped with its pod is dropped at once, and a session that dies with its node is lost.
  'delete-undrained': [
    'eviction-envelope',
    'eviction-slope',
    'evacuation-serial',
    'no-storm',
    'offline-peak',
    'conservation',
    'session-kept',
  ],
  // The resource says that it is done, and the run waits for the rest until it is out of time.
  'half-upgrade': ['status-truth', 'duration'],
  'evacuation-stuck': ['all-new'],
}

for (const { name, caughtBy } of FAULTS)
  test(`${name} is caught by ${caughtBy.join(' and ')} in each of ${RUNS} runs, and blamed on nothing else`, () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const { findings } = judge(simulate(mutantOf(seed, name)))
      for (const id of caughtBy) {
        const found = findings.find((finding) => finding.id === id)
        // A starved harness is nobody's failure: it makes the run inconclusive.
        const expected = id === 'harness-healthy' ? 'inconclusive' : 'fail'
        assert.is(found?.outcome, expected, `seed ${seed}: ${id} says ${found?.sentence}`)
      }
      const mayFail = [...caughtBy, ...(FOLLOWS[name] ?? [])]
      for (const { id, outcome, sentence } of findings)
        if (outcome === 'fail') assert.ok(mayFail.includes(id), `seed ${seed}: ${id} fails too: ${sentence}`)
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
  'delete-undrained',
  'half-upgrade',
  'status-early',
  'wrong-recipients',
  'blackout',
  'evacuation-stuck',
]

test('with the short numbers of blue-green-quick each fault of the cluster is caught as well', () => {
  for (const name of QUICK)
    for (let seed = 1; seed <= RUNS; seed++) {
      const { findings } = judge(simulate(quickMutantOf(seed, name)))
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
