/**
 * The fault matrix: each fault on the embedded cluster makes the assertion it exists for fail, nothing fails that does
 * not follow from it, and the same run without the fault passes.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FAULTS } from '#weir/testbed/faults/catalogue.ts'
import { describe, runFit, runOnce } from './weir.ts'

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
async function sideBySide<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: Number(process.env.WEIR_SIDE_BY_SIDE ?? 2) }, worker))
}

test('honest runs pass, at every setting that a fault is tried at', async () => {
  await sideBySide([SMALL, SLOW], (settings) =>
    runFit(run(settings), (honest) => {
      assert.is(honest.verdict.outcome, 'pass', describe(honest))
      assert.is(honest.code, 0)
    }),
  )
})

test('every fault is caught by its assertion, and by nothing that does not follow from it', async () => {
  const wrong: string[] = []
  await sideBySide(FAULTS, async (fault) => {
    const once = fault.part === 'host' ? runOnce : runFit
    await once(run(SETTINGS[fault.name] ?? SMALL, fault.name), (faulty) => {
      const failed = faulty.ids('fail')
      const missed = fault.caughtBy.filter(
        (id) => !failed.includes(id) && !(fault.part === 'host' && faulty.ids('inconclusive').includes(id)),
      )
      const extra = failed.filter((id) => !fault.caughtBy.includes(id) && !fault.alsoFails.includes(id))
      console.log(`${fault.name}: exit ${faulty.code}, failed: ${failed.join(' ') || 'nothing'}`)
      if (missed.length > 0)
        wrong.push(`${fault.name}: not caught by ${missed.join(', ')}\n${describe(faulty)}`)
      if (extra.length > 0) wrong.push(`${fault.name}: also failed ${extra.join(', ')}\n${describe(faulty)}`)
    })
  })
  assert.is(wrong.length, 0, `\n${wrong.join('\n\n')}`)
})

test.run()
