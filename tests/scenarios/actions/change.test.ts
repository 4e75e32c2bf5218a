import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KubeApiError } from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { change } from '#weir/scenarios/actions/change.ts'
import { StepFailure } from '#weir/scenarios/run/endings.ts'
import { fakeRun, pod, set } from '../fake-run.ts'

const resource = (version: string, generation = 1): KubeObject => ({
  metadata: { name: 'emqx-ee', generation },
  spec: { replicas: 3, template: { spec: { emqxContainer: { image: { version } } } } },
})
const PATCH = { spec: { template: { spec: { emqxContainer: { image: { version: '4.4.19' } } } } } }

/** An API server that answers the dry run and the write, and counts them. */
function server(answers: { rehearsal: KubeObject | Error; write?: KubeObject | Error }) {
  const asked: string[] = []
  const patch = async (...[, , , type, , options]: unknown[]) => {
    const kind = (options as { dryRun?: boolean } | undefined)?.dryRun ? 'rehearsal' : 'write'
    asked.push(`${String(type)} ${kind}`)
    const answer = answers[kind]
    if (answer instanceof Error) throw answer
    return answer
  }
  const run = fakeRun({ resource: resource('4.4.14'), kube: { patch: patch as never } })
  return { run, asked }
}

const failure = async (promise: Promise<void>): Promise<StepFailure> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.instance(error, StepFailure)
  return error as StepFailure
}

test('rehearsed, written, marked; what stood before the change is remembered', async () => {
  const { run, asked } = server({ rehearsal: resource('4.4.19', 2), write: resource('4.4.19', 2) })
  run.observe(set('emqx-ee-blue', 3), set('emqx-ee-older', 0), pod('emqx-ee-blue-0'))
  await change(run, { action: 'upgrade', patch: PATCH, expect: 'accepted', version: '4.4.19' })
  assert.equal(asked, ['merge rehearsal', 'merge write'])
  assert.is(run.of('mark')[0]?.name, 'trigger')
  assert.is(run.trigger?.t, run.of('mark')[0]?.t)
  assert.equal([...(run.trigger?.pods ?? [])], ['uid-emqx-ee-blue-0'])
  assert.equal(run.trigger?.sets, ['emqx-ee-blue'])
  assert.equal(
    run.of('action').map(({ phase }) => phase),
    ['start', 'done'],
  )
  assert.is(run.of('action')[1]?.detail, 'generation 1 to 2')
})

test('a change that changes nothing is refused before it is written', async () => {
  const { run, asked } = server({ rehearsal: resource('4.4.14', 1) })
  const { message } = await failure(change(run, { action: 'upgrade', patch: PATCH, expect: 'accepted' }))
  assert.match(message, 'changes nothing')
  assert.equal(asked, ['merge rehearsal'])
  assert.is(run.of('action').at(-1)?.phase, 'refused')
  assert.is(run.trigger, undefined)
})

const DENIED = new KubeApiError(
  403,
  'Forbidden',
  'admission webhook "validator.enterprise.emqx.io" denied the request: refuse to update the "name" field in ".spec.template.spec.emqxContainer.emqxConfig"',
)

test('a refusal is told in the server’s own words', async () => {
  const { run } = server({ rehearsal: DENIED })
  const { message } = await failure(change(run, { action: 'patch', patch: {}, expect: 'accepted' }))
  assert.match(message, 'refuse to update the "name" field')
  assert.is(run.of('action').at(-1)?.detail, DENIED.message)
  assert.is(run.of('mark').length, 0)
})

test('a refusal that was expected is what the step is for', async () => {
  const { run, asked } = server({ rehearsal: DENIED })
  await change(run, { action: 'patch', patch: {}, expect: 'refused' })
  assert.is(run.of('action').at(-1)?.phase, 'refused')
  assert.equal(asked, ['merge rehearsal'])
  assert.is(run.trigger, undefined)
})

test('an acceptance that was not expected fails, and nothing is written', async () => {
  const { run, asked } = server({ rehearsal: resource('4.4.19', 2) })
  const { message } = await failure(change(run, { action: 'patch', patch: PATCH, expect: 'refused' }))
  assert.match(message, 'would accept')
  assert.equal(asked, ['merge rehearsal'])
})

test('a server that does not answer has not refused', async () => {
  const { run } = server({ rehearsal: new Error('ECONNRESET') })
  await failure(change(run, { action: 'patch', patch: PATCH, expect: 'refused' }))
  assert.is(run.of('action').at(-1)?.phase, 'failed')
})

test.run()
