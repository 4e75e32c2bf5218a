/**
 * The fault matrix: each fault on the embedded cluster makes the assertion it exists for fail, nothing fails that does not follow from it,
 * and the same run without the fault passes. Each fault and each operation is tried on one dialect, the next on the other; with WEIR_MATRIX
 * set to a dialect everything on that one.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { AssertionId } from '#weir/facts/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import type { OperationScenario } from '#weir/testbed/faults/fault.ts'
import { FAULTS, type FaultName, faultsOn } from '#weir/testbed/faults/index.ts'
import { DIALECTS, isTriedOn, set, shownOn } from './dialects.ts'
import { SHOWN_ON } from './interference.ts'
import { Pool } from './pool.ts'
import { describe, runFit, runOnce, type WeirRun } from './weir.ts'

/** A run of 300 clients takes about an eighth of a core; each has addresses of its own. */
const pool = new Pool(4)

/** Faults that are shown by one operation and must be caught in others too. */
const ELSEWHERE: readonly [OperationScenario, FaultName, AssertionId][] = [
  ['scale-in-drained', 'rate-ignored', 'eviction-envelope'],
  ['upgrade', 'rate-ignored', 'eviction-envelope'],
  ['downgrade', 'rate-ignored', 'eviction-envelope'],
  ['resize-up', 'rate-ignored', 'eviction-envelope'],
  ['resize-down', 'resize-lost', 'resized'],
  ['scale-in-drained', 'retained-dropped', 'data-kept'],
  ['downgrade', 'queue-dropped', 'data-kept'],
  ['upgrade', 'status-early', 'state-truth'],
  ['resize-unschedulable', 'evacuate-early', 'untouched'],
  ['upgrade-crash-looping', 'evacuate-early', 'untouched'],
]

interface Outcome {
  code: number | null
  outcome: string
  failed: string[]
  inconclusive: string[]
  text: string
}

const outcomeOf = (weirRun: WeirRun): Outcome => ({
  code: weirRun.code,
  outcome: weirRun.verdict.outcome,
  failed: weirRun.ids('fail'),
  inconclusive: weirRun.ids('inconclusive'),
  text: describe(weirRun),
})

const WHOLE = process.env.WEIR_MATRIX
const tried = WHOLE === undefined ? DIALECTS : DIALECTS.filter(({ name }) => name === WHOLE)
if (tried.length === 0) throw new Error(`WEIR_MATRIX=${WHOLE} is no dialect`)

for (const dialect of tried) {
  const { name: on, scenario, small, slow, operations } = dialect
  const isTried = (index: number, dialects?: readonly string[]) =>
    WHOLE !== undefined || isTriedOn(on, index, dialects)
  for (const [size, settings] of Object.entries({ small, slow })) {
    const result = pool.queue(() => runFit([scenario, ...set(settings)], outcomeOf))
    test(`${on}: an honest run passes, at the ${size} setting that faults are tried at`, async () => {
      const { code, outcome, text } = await result
      assert.is(outcome, 'pass', text)
      assert.is(code, 0)
    })
  }

  for (const [index, [operation, settings]] of Object.entries(operations).entries()) {
    if (!isTried(index)) continue
    const result = pool.queue(() => runFit(settings, outcomeOf))
    // What released operators do wrong there is a failure that the scenario expects.
    const deviates = loadScenario(settings[0]!).knownDeviations.length > 0
    test(`${on}: an honest ${operation} ${deviates ? 'deviates as expected' : 'passes'}`, async () => {
      const { code, outcome, text } = await result
      assert.is(outcome, deviates ? 'fail' : 'pass', text)
      assert.is(code, 0)
    })
  }

  for (const [index, [operation, fault, id]] of ELSEWHERE.entries()) {
    if (!isTried(index)) continue
    const result = pool.queue(() => runFit([...operations[operation], '--fault', fault], outcomeOf))
    test(`${on}: ${fault} is caught by ${id} in ${operation} too`, async () => {
      const { failed, text } = await result
      assert.ok(failed.includes(id), text)
    })
  }

  const { scenario: interfered, fault: within, caughtBy } = SHOWN_ON[on]!
  const [undisturbed, faulty] = [[], ['--fault', within]].map((flags) =>
    pool.queue(() => runFit([interfered, ...flags], outcomeOf)),
  )
  test(`${on}: an honest ${interfered} is as expected, and ${caughtBy} catches ${within} in it`, async () => {
    const { code, text } = await undisturbed!
    assert.is(code, 0, text)
    const found = await faulty!
    assert.ok(found.failed.includes(caughtBy), found.text)
  })

  for (const fault of faultsOn(on)) {
    if (
      !isTried(
        FAULTS.findIndex(({ name }) => name === fault.name),
        fault.dialects,
      )
    )
      continue
    // A fault of the host makes the harness unfit, which is what is to be seen.
    const once = fault.part === 'host' ? runOnce : runFit
    const result = pool.queue(() => once([...shownOn(dialect, fault), '--fault', fault.name], outcomeOf))
    test(`${on}: ${fault.name} is caught by ${fault.caughtBy.join(' and ')}, and by nothing that does not follow`, async () => {
      const { failed, inconclusive, text } = await result
      console.log(`${on} ${fault.name}: failed ${failed.join(' ') || 'nothing'}`)
      const caught = fault.part === 'host' ? [...failed, ...inconclusive] : failed
      assert.equal(
        fault.caughtBy.filter((id) => !caught.includes(id)),
        [],
        `not caught:\n${text}`,
      )
      const mayFail: readonly string[] = [...fault.caughtBy, ...fault.alsoFails]
      assert.equal(
        failed.filter((id) => !mayFail.includes(id)),
        [],
        `failed too:\n${text}`,
      )
    })
  }
}

test.run()
