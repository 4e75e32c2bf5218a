/** Changes of the network that come to nothing, because nobody carries them out: the resource is accepted all the same, and clients inside notice nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { loadScenario, type Scenario } from '#weir/scenarios/index.ts'
import { Pool } from './pool.ts'
import { describe, runFit } from './weir.ts'

const pool = new Pool(2)
const dir = mkdtempSync(join(tmpdir(), 'weir-network-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

type Step = Scenario['steps'][number]
const isOf = (name: string) => (step: Step) =>
  ('action' in step && step.action === name) || ('waitFor' in step && step.waitFor === name)

/** The scenario with other keys in its change, which nothing waits for: the run holds on, to see what comes of it. */
function inVain(like: string, change: object, testbed: object = {}): string {
  const scenario = loadScenario(like)
  const at = scenario.steps.findIndex(isOf('network'))
  const steps = [
    ...scenario.steps.slice(0, at),
    { ...scenario.steps[at], ...change },
    { hold: { seconds: 8 } },
  ]
  const file = join(dir, `${like}-in-vain.yaml`)
  // The operator's Service is changed by the resource, once.
  const assert = scenario.assert.map((one) =>
    one.id === 'untouched' ? { ...one, bounds: { generations: 1 } } : one,
  )
  const own = { name: `${like}-in-vain`, base: like, testbed, steps, assert }
  writeFileSync(file, JSON.stringify(own))
  return file
}

const BY_OPERATOR = { servedBy: 'operator', ports: [{ listener: 'mqtt-tcp', nodePort: 80 }] }

/** [what, scenario, what service-as-asked says] */
const IN_VAIN: [string, string, RegExp][] = [
  [
    'a node port out of range, which the operator of v2beta1 names in an Event',
    inVain('network-nodeport-v5', BY_OPERATOR),
    /Service emqx-listeners was of type ClusterIP, not NodePort .*Kubernetes has a warning: .*provided port is not in the valid range/,
  ],
  [
    'a node port out of range, of which the operator of v1beta4 says nothing',
    inVain('network-nodeport', BY_OPERATOR),
    /Service emqx-ee was of type ClusterIP, not NodePort [\d.]+ s after the change\.$/,
  ],
  [
    'a load balancer that never gets an address',
    inVain('network-loadbalancer-v5', {}, { loadBalancer: { pending: true } }),
    /Service emqx-external had no address of a load balancer/,
  ],
]

for (const [what, file, says] of IN_VAIN) {
  const done = pool.queue(() =>
    runFit([file], (run) => ({
      failed: run.ids('fail'),
      passed: run.ids('pass'),
      sentence: run.verdict.findings.find(({ id }) => id === 'service-as-asked')!.sentence,
      text: describe(run),
    })),
  )
  test(what, async () => {
    const { failed, passed, sentence, text } = await done
    assert.equal(failed, ['service-as-asked'], text)
    assert.match(sentence, says)
    for (const id of ['untouched', 'addresses-kept', 'conservation']) assert.ok(passed.includes(id), text)
  })
}

test('a load balancer with three addresses serves clients at each', async () => {
  await runFit(['network-loadbalancer', '--set', 'testbed.loadBalancer.addresses=3'], (run) => {
    assert.equal(run.ids('fail'), [], describe(run))
    const { sentence } = run.verdict.findings.find(({ id }) => id === 'exposure')!
    assert.match(sentence, /through mqtt-ssl and mqtt-ws at 6 addresses/)
  })
})

test.run()
