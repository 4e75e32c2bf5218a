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
  assert.is(run.state.trigger?.t, run.of('mark')[0]?.t)
  assert.equal([...(run.state.trigger?.pods ?? [])], ['uid-emqx-ee-blue-0'])
  assert.equal(run.state.trigger?.sets, ['emqx-ee-blue'])
  assert.equal(
    run.of('action').map(({ phase }) => phase),
    ['start', 'done'],
  )
  assert.match(
    run.of('action')[1]?.detail ?? '',
    /^generation 1 to 2: spec\.template\.spec\.emqxContainer\.image\.version "4\.4\.\d+" to "4\.4\.19"$/,
  )
})

test('a change that changes nothing is refused before it is written', async () => {
  const { run, asked } = server({ rehearsal: resource('4.4.14', 1) })
  const { message } = await failure(change(run, { action: 'upgrade', patch: PATCH, expect: 'accepted' }))
  assert.match(message, 'nothing to change')
  assert.equal(asked, ['merge rehearsal'])
  assert.is(run.of('action').at(-1)?.phase, 'refused')
  assert.is(run.state.trigger, undefined)
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
  assert.is(run.state.trigger, undefined)
})

test('an acceptance that was not expected fails, and nothing is written', async () => {
  const { run, asked } = server({ rehearsal: resource('4.4.19', 2) })
  const { message } = await failure(change(run, { action: 'patch', patch: PATCH, expect: 'refused' }))
  assert.match(message, 'should refuse')
  assert.equal(asked, ['merge rehearsal'])
})

test('a server that does not answer has not refused', async () => {
  const { run } = server({ rehearsal: new Error('ECONNRESET') })
  await failure(change(run, { action: 'patch', patch: PATCH, expect: 'refused' }))
  assert.is(run.of('action').at(-1)?.phase, 'failed')
})

test('a run that ends while the change is rehearsed changes nothing', async () => {
  const ending = new AbortController()
  const { run, asked } = server({ rehearsal: resource('4.4.19', 2), write: resource('4.4.19', 2) })
  const { patch } = run.cluster.kube
  run.cluster.kube.patch = (async (...args: Parameters<typeof patch>) => {
    ending.abort(new Error('SIGINT'))
    return patch(...args)
  }) as typeof patch
  const { message } = await failure(
    change(run, { action: 'upgrade', patch: PATCH, expect: 'accepted' }, ending.signal),
  )
  assert.match(message, 'ended before the change was made')
  assert.equal(asked, ['merge rehearsal'])
  assert.is(run.state.trigger, undefined)
})

test('a change that was made although its answer was lost is the trigger all the same', async () => {
  const { run } = server({ rehearsal: resource('4.4.19', 2), write: new Error('ECONNRESET') })
  let looks = 0
  run.cluster.resource = async () => {
    looks++
    // Before the change, then no answer once, then as it is now.
    if (looks === 2) throw new Error('ECONNRESET')
    return resource(looks === 1 ? '4.4.14' : '4.4.19', looks === 1 ? 1 : 2)
  }
  await change(run, { action: 'upgrade', patch: PATCH, expect: 'accepted' })
  assert.is(run.of('mark')[0]?.name, 'trigger')
  assert.is(run.of('action').at(-1)?.phase, 'done')
})

test('a change whose answer was lost and that was not made fails; one that nobody can tell of says so', async () => {
  const lost = server({ rehearsal: resource('4.4.19', 2), write: new Error('ECONNRESET') })
  const undone = await failure(change(lost.run, { action: 'upgrade', patch: PATCH, expect: 'accepted' }))
  assert.match(undone.message, 'the resource is unchanged')
  const { run } = server({ rehearsal: resource('4.4.19', 2), write: new Error('ECONNRESET') })
  let looks = 0
  run.cluster.resource = async () => {
    if (looks++ > 0) throw new Error('ECONNRESET')
    return resource('4.4.14')
  }
  const unknown = await failure(change(run, { action: 'upgrade', patch: PATCH, expect: 'accepted' }))
  assert.match(unknown.message, 'is unknown')
})

test('a patch that holds a secret is told without it', async () => {
  const { run } = server({ rehearsal: DENIED })
  const patch = {
    spec: {
      config: { data: 'node { cookie = "hush-hush" }' },
      bootstrapAPIKeys: [{ key: 'k', secret: 'hush-hush' }],
    },
  }
  await failure(change(run, { action: 'patch', patch, expect: 'accepted' }))
  assert.not.match(JSON.stringify(run.events), 'hush-hush')
})

test.run()
