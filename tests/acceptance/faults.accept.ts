/**
 * The fault matrix: each fault on the embedded cluster makes the assertion it exists for fail, nothing fails that does
 * not follow from it, and the same run without the fault passes.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FAULTS } from '#weir/testbed/faults/catalogue.ts'
import { describe, runFit, runOnce, type WeirRun } from './weir.ts'

/** A small fleet keeps a run under a minute: what a fault does does not depend on the fleet's size. */
const SMALL = ['fleet.clients=300', ...rates(20)]

/** A slope needs a drain of 30 s; one node is enough to show it. */
const SLOW = [
  'fleet.clients=360',
  'cluster.manifest.spec.replicas=1',
  ...rates(10),
  'assert=[eviction-slope, eviction-envelope, conservation, harness-healthy]',
]

const SETTINGS: Record<string, string[]> = { 'rate-13': SLOW }

function rates(perSecond: number): string[] {
  return ['connEvictRate', 'sessEvictRate'].map(
    (field) => `cluster.manifest.spec.blueGreenUpdate.evacuationStrategy.${field}=${perSecond}`,
  )
}

const run = (settings: string[], fault?: string) => [
  'blue-green-quick',
  ...settings.flatMap((setting) => ['--set', setting]),
  ...(fault ? ['--fault', fault] : []),
]

/** Two runs side by side use both cores and halve the time; each has addresses of its own. */
const SIDE_BY_SIDE = 2
let free = SIDE_BY_SIDE
const waiting: (() => void)[] = []

/** Queues a run at once; the tests below look at the results in turn. */
async function queued<T>(make: () => Promise<T>): Promise<T> {
  if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve))
  else free--
  try {
    return await make()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else free++
  }
}

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

/** A promise that a test looks at later must not count as unhandled until then. */
function later<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

for (const [name, settings] of Object.entries({ SMALL, SLOW })) {
  const result = later(queued(() => runFit(run(settings), outcomeOf)))
  test(`an honest run passes, at the setting ${name} that faults are tried at`, async () => {
    const { code, outcome, text } = await result
    assert.is(outcome, 'pass', text)
    assert.is(code, 0)
  })
}

for (const fault of FAULTS) {
  // A fault of the host makes the harness unfit, which is what is to be seen.
  const once = fault.part === 'host' ? runOnce : runFit
  const result = later(queued(() => once(run(SETTINGS[fault.name] ?? SMALL, fault.name), outcomeOf)))
  test(`${fault.name} is caught by ${fault.caughtBy.join(' and ')}, and by nothing that does not follow`, async () => {
    const { failed, inconclusive, text } = await result
    console.log(`${fault.name}: failed ${failed.join(' ') || 'nothing'}`)
    const caught = fault.part === 'host' ? [...failed, ...inconclusive] : failed
    assert.equal(
      fault.caughtBy.filter((id) => !caught.includes(id)),
      [],
      `not caught:\n${text}`,
    )
    const mayFail = [...fault.caughtBy, ...fault.alsoFails]
    assert.equal(
      failed.filter((id) => !mayFail.includes(id)),
      [],
      `failed too:\n${text}`,
    )
  })
}

test.run()
