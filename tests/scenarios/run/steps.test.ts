import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KubeApiError } from '#weir/cluster/index.ts'
import { WeirError } from '#weir/errors/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { endOf, mustThrow } from '#weir/scenarios/run/close.ts'
import { Interrupted, RunLost, StepFailure } from '#weir/scenarios/run/endings.ts'
import { resolveParameters } from '#weir/scenarios/run/parameters.ts'
import { runSteps } from '#weir/scenarios/run/steps.ts'
import type { Scenario, Step } from '#weir/scenarios/types.ts'
import { fakeRun } from '../fake-run.ts'

const withSteps = (...steps: Step[]): Scenario => ({ ...loadScenario('blue-green-quick'), steps })
const thrownBy = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

test('steps are recorded as they start and end; a rest before the change is no hold of the end state', async () => {
  const run = fakeRun({}, withSteps({ mark: 'hello' }, { hold: { seconds: 0.001 } }))
  const told: string[] = []
  await runSteps(run, () => told.push(run.state.phase))
  assert.equal(told, ['mark', 'hold'])
  assert.equal(
    run.of('step').map(({ index, name, phase }) => `${index} ${name} ${phase}`),
    ['0 mark start', '0 mark done', '1 hold start', '1 hold done'],
  )
  assert.is(run.of('note')[0]?.text, 'hello')
  assert.is(run.of('mark').length, 0)
  run.state.changed({ t: 0, pods: new Set(), sets: [] })
  await runSteps(run, () => {})
  assert.equal(
    run.of('mark').map(({ name }) => name),
    ['hold-start', 'hold-end'],
  )
})

test('a hold after which something is waited for, or another hold comes, does not show the end state', async () => {
  const steps = [
    { hold: { seconds: 0.001 } },
    { waitFor: 'stopped', deadlineSeconds: 1 },
    { hold: { seconds: 0.001 } },
    { hold: { seconds: 0.002 } },
  ] as const
  const run = fakeRun({}, withSteps(...steps))
  run.state.changed({ t: 0, pods: new Set(), sets: [] })
  await runSteps(run, () => {})
  const [start, ...more] = run.of('mark')
  assert.equal(
    more.map(({ name }) => name),
    ['hold-end'],
  )
  const [last] = run.of('step').slice(-2)
  assert.is(last?.index, 3)
  assert.ok(start!.t >= last!.t)
})

test('a step that runs out of time says what it still missed, and no later step is taken', async () => {
  const run = fakeRun({}, withSteps({ waitFor: 'upgraded', deadlineSeconds: 0.02 }, { mark: 'never' }))
  const error = await thrownBy(runSteps(run, () => {}))
  assert.instance(error, StepFailure)
  const [, last] = run.of('step')
  assert.is(last?.phase, 'timeout')
  assert.is(last?.lastMismatch, 'nothing has been changed')
  assert.is(run.of('note').length, 0)
  assert.equal(endOf(error), {
    how: 'failed',
    reason: 'upgraded was not reached within 0 s: nothing has been changed',
  })
})

test('on a user’s cluster a deadline that is too short for its numbers ends nothing', async () => {
  const { testbed: _, ...run } = fakeRun({}, withSteps({ waitFor: 'upgraded', deadlineSeconds: 0.02 }))
  const { cluster, scenario } = run
  run.state.parametersResolved(
    resolveParameters(scenario, cluster.dialect, scenario.cluster.manifest as never),
  )
  const taking = thrownBy(runSteps(run, () => {}))
  await new Promise((resolve) => setTimeout(resolve, 100))
  run.stop.abort(new Interrupted())
  assert.instance(await taking, Interrupted)
  assert.is(run.of('step').at(-1)?.phase, 'failed', 'and not a timeout')
})

test('an action that is refused fails its step in the server’s words', async () => {
  const refusal = new KubeApiError(403, 'Forbidden', 'admission webhook denied the request: too old')
  const run = fakeRun(
    { resource: { metadata: { name: 'emqx-ee' } }, kube: { patch: () => Promise.reject(refusal) } },
    withSteps({ action: 'upgrade', version: '4.4.3', deadlineSeconds: 60 }),
  )
  const error = (await thrownBy(runSteps(run, () => {}))) as Error
  assert.match(error.message, 'too old')
  assert.is(run.of('step').at(-1)?.phase, 'failed')
  assert.equal(
    run.of('action').map(({ phase }) => phase),
    ['start', 'refused'],
  )
  assert.is(run.of('mark').length, 0, 'nothing was triggered')
})

test('an action that hangs is ended by its deadline', async () => {
  const run = fakeRun(
    { resource: { metadata: { name: 'emqx-ee' } }, kube: { patch: () => new Promise<never>(() => {}) } },
    withSteps({ action: 'upgrade', version: '4.4.19', deadlineSeconds: 0.02 }),
  )
  assert.is(((await thrownBy(runSteps(run, () => {}))) as StepFailure).phase, 'timeout')
})

test('an interruption ends whatever step it finds', async () => {
  const run = fakeRun({}, withSteps({ hold: { seconds: 600 } }))
  const error = await thrownBy(runSteps(run, () => run.stop.abort(new Interrupted())))
  assert.equal(endOf(error), { how: 'interrupted' })
  assert.is(run.of('step').at(-1)?.phase, 'failed')
})

test('how a run ends, and what its caller must see', () => {
  assert.equal(endOf(undefined), { how: 'completed' })
  assert.equal(endOf(new RunLost('gone')), { how: 'failed', reason: 'gone' })
  const descriptors = new WeirError('WEIR_DESCRIPTORS', 'too few')
  const trigger = { t: 0, pods: new Set<string>(), sets: [] }
  assert.is(mustThrow({ trigger: undefined }, descriptors), true)
  assert.is(mustThrow({ trigger }, descriptors), false, 'there is something to judge')
  assert.is(mustThrow({ trigger }, new WeirError('WEIR_DISK', 'full')), true)
  assert.is(mustThrow({ trigger: undefined }, new StepFailure('timeout', 'late')), false)
  assert.is(mustThrow({ trigger: undefined }, undefined), false)
})

test.run()
