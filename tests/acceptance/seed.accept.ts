/** The long scenarios as they stand, on both dialects: what must pass, what must be caught, and the controls. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { Pool } from './pool.ts'
import { describe, runFit, type WeirRun } from './weir.ts'

/** A headline that tells a reader what happened to whom and when. */
const STORY = /node (emqx-\S+) dropped (\d+) connections within ([\d.]+) s at \+([\d.]+) s after the trigger/

function failsWith(run: WeirRun, ids: readonly string[]): void {
  const failed = run.ids('fail')
  for (const id of ids) assert.ok(failed.includes(id), `${id} did not fail:\n${describe(run)}`)
  assert.is(run.code, 1)
}

/** The headline's figures, held against the clients' own events. */
async function checkStory(run: WeirRun): Promise<void> {
  const [, pod, drops, seconds, since] = STORY.exec(run.verdict.headline.replaceAll('\n', ' ')) ?? []
  assert.ok(pod, `the headline does not say what happened to whom and when: ${run.verdict.headline}`)
  const view = viewOf(await readRecord(run.dir))
  const fromNs = (view.moments.trigger ?? 0) + (Number(since) - 0.1) * 1e9
  const toNs = fromNs + (Number(seconds) + 0.2) * 1e9
  const nodes = view.nodes.flatMap((node, index) => (node.pod === pod ? [index] : []))
  let seen = 0
  for (let i = 0; i < view.evictions.length; i++) {
    const t = view.evictions.t[i]!
    if (nodes.includes(view.evictions.node[i]!) && t >= fromNs && t <= toNs) seen++
  }
  assert.ok(
    Math.abs(seen - Number(drops)) <= 0.02 * seen,
    `the headline says ${drops}, the clients' events ${seen}: ${run.verdict.headline}`,
  )
}

/** Most connections lost within any second. */
async function peakOf(run: WeirRun): Promise<number> {
  const { t, length } = viewOf(await readRecord(run.dir)).evictions
  let peak = 0
  for (let first = 0, last = 0; last < length; last++) {
    while (t[last]! - t[first]! > 1e9) first++
    peak = Math.max(peak, last - first + 1)
  }
  return peak
}

/** 3000 clients each: two at a time, beside the fault matrix, leave the harness its time. */
const pool = new Pool(2)

/** Queues a run at once and looks at it when its turn among the tests comes. */
function seen(title: string, args: string[], look: (run: WeirRun) => void | Promise<void>): void {
  const result = pool.queue(() => runFit(args, look))
  test(title, () => result)
}

const passes = (run: WeirRun) => {
  assert.is(run.verdict.outcome, 'pass', describe(run))
  assert.is(run.code, 0)
}

const showsStorm = async (run: WeirRun) => {
  failsWith(run, ['eviction-envelope', 'no-storm'])
  await checkStory(run)
  const peak = await peakOf(run)
  assert.ok(peak >= 500, `the peak was ${peak} in one second`)
}

seen('blue-green on operator 2.1.2 passes', ['blue-green'], passes)

seen(
  'blue-green on operator 2.2.29 drops whole nodes, and weir says so',
  ['blue-green', '--set', 'testbed.operator=2.2.29'],
  async (run) => {
    failsWith(run, ['eviction-envelope', 'no-storm', 'hops', 'drained-before-delete', 'evacuation-serial'])
    await checkStory(run)
  },
)

seen('rolling shows the storm: half a node and more within one second', ['rolling'], showsStorm)

seen('blue-green-v5 passes: three cores of EMQX 5 and its own wait of 60 s', ['blue-green-v5'], passes)

seen(
  'blue-green-v5-replicants passes: replicants first, then the empty cores',
  ['blue-green-v5-replicants'],
  passes,
)

seen(
  'blue-green-v5-defaults: what nobody configured is the storm, and weir says whose number it was',
  ['blue-green-v5-defaults'],
  async (run) => {
    failsWith(run, ['eviction-envelope', 'no-storm'])
    assert.match(
      run.verdict.headline.replaceAll('\n', ' '),
      /No rate was configured, so the operator's default of 1000\/s/,
    )
    const peak = await peakOf(run)
    assert.ok(peak >= 500, `the peak was ${peak} in one second`)
  },
)

seen('scale-in-raw shows the storm of a node that is scaled away', ['scale-in-raw'], showsStorm)

seen('scale-in-raw-v5 shows it on the second dialect', ['scale-in-raw-v5'], showsStorm)

test.run()
