/**
 * Released operators and EMQX nodes, unmodified, in the embedded cluster. What they do is known from recordings of real clusters: the line
 * 2.2.29 keeps the rate on v2beta1 and deletes undrained pods on v1beta4.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { realEmqx, realOperator, testReal } from '../support/real/programs.ts'
import { describe, runFit, type WeirRun } from './weir.ts'

const settings = (...texts: string[]) => texts.flatMap((text) => ['--set', text])

const strategy = 'cluster.manifest.spec.updateStrategy.evacuationStrategy'
const atRate = (perSecond: number) =>
  settings(`${strategy}.connEvictRate=${perSecond}`, `${strategy}.sessEvictRate=${perSecond}`)

const passes = (run: WeirRun) => {
  assert.is(run.verdict.outcome, 'pass', describe(run))
  assert.is(run.code, 0)
}

testReal(
  'the operator 2.2.29 on v2beta1 passes: 1,000 clients at 10 a second, the slope of each drain included',
  async () => {
    const { flags } = realOperator('2.2.29')
    // The quick scenario leaves the slope out: its drains are short.
    const whole = settings('fleet.clients=1000', 'assert={except: []}')
    const args = ['blue-green-v5-quick', ...flags, ...atRate(10), ...whole]
    await runFit(args, (run) => {
      passes(run)
      assert.ok(run.ids('pass').includes('eviction-slope'), run.verdict.headline)
    })
  },
)

testReal('the operator 2.2.29 on v1beta4 fails, for the reason that it is known for', async () => {
  const { flags } = realOperator('2.2.29')
  await runFit(['blue-green-quick', ...flags], (run) => {
    const failed = run.ids('fail')
    for (const id of ['eviction-envelope', 'no-storm', 'hops', 'drained-before-delete', 'evacuation-serial'])
      assert.ok(failed.includes(id), `${id} did not fail:\n${describe(run)}`)
    assert.is(run.code, 1)
    assert.match(run.verdict.headline, /dropped \d+ connections within .* when its pod was deleted before/)
    const known = run.verdict.findings.find(({ id }) => id === 'eviction-envelope')?.deviation
    assert.is(known, 'operator-2.1.3-2.2.29-undrained-delete')
  })
})

/**
 * Real nodes lose an acknowledged message now and then which one forwards to another that a takeover has just emptied
 * (docs/contract/emqx.md#messages). weir must say so; that nothing came twice or out of order holds all the same.
 */
const isForwardLoss = ({ id, outcome, figures }: WeirRun['verdict']['findings'][number]) =>
  id === 'messages' &&
  outcome === 'fail' &&
  Number(figures.lost) <= 2 &&
  figures.twice === 0 &&
  figures.disordered === 0

testReal('with everything real but kubelet and API server, an upgrade passes', async () => {
  const args = [...realOperator('2.2.29').flags, ...realEmqx().flags, ...atRate(10)]
  await runFit(['blue-green-v5-quick', ...args, ...settings('fleet.clients=300')], (run) => {
    const others = run.verdict.findings.filter(({ outcome }) => outcome !== 'pass')
    assert.equal(
      others.filter((one) => !isForwardLoss(one)),
      [],
      describe(run),
    )
    const lost = others.find(isForwardLoss)
    if (lost) console.log(`as EMQX is known to: ${lost.sentence}`)
    assert.is(run.code, lost ? 1 : 0)
    const logs = join(run.dir, 'logs')
    assert.ok(existsSync(logs), 'the logs of the pods are part of the record')
  })
})

test.run()
