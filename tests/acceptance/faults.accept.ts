/**
 * The fault matrix, on both dialects: each fault on the embedded cluster makes the assertion it exists for fail, nothing
 * fails that does not follow from it, and the same run without the fault passes.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { faultsOn } from '#weir/testbed/faults/index.ts'
import { DIALECTS, set, shownOn } from './dialects.ts'
import { Pool } from './pool.ts'
import { describe, runFit, runOnce, type WeirRun } from './weir.ts'

/** A run of 300 clients takes about an eighth of a core; each has addresses of its own. */
const pool = new Pool(4)

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

for (const dialect of DIALECTS) {
  const { name: on, scenario, small, slow, operations } = dialect
  for (const [size, settings] of Object.entries({ small, slow })) {
    const result = pool.queue(() => runFit([scenario, ...set(settings)], outcomeOf))
    test(`${on}: an honest run passes, at the ${size} setting that faults are tried at`, async () => {
      const { code, outcome, text } = await result
      assert.is(outcome, 'pass', text)
      assert.is(code, 0)
    })
  }

  for (const [operation, settings] of Object.entries(operations)) {
    const result = pool.queue(() => runFit(settings, outcomeOf))
    test(`${on}: an honest ${operation} passes`, async () => {
      const { code, outcome, text } = await result
      assert.is(outcome, 'pass', text)
      assert.is(code, 0)
    })
  }

  const drained = pool.queue(() =>
    runFit([...operations['scale-in-drained'], '--fault', 'rate-ignored'], outcomeOf),
  )
  test(`${on}: rate-ignored is caught when a cluster is scaled in`, async () => {
    const { failed, text } = await drained
    assert.ok(failed.includes('eviction-envelope'), text)
  })

  for (const fault of faultsOn(on)) {
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
