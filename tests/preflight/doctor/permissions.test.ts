/** Which rights a rebalance needs depends on what the API server has. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { permissions } from '#weir/preflight/doctor/permissions.ts'
import { type Answers, apiServer, refusal } from '../../cluster/api-server.ts'

const MAY_I = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
const KINDS = '/apis/apps.emqx.io/v2beta1'
const kinds = (...names: string[]) => ({
  body: JSON.stringify({ kind: 'APIResourceList', resources: names.map((name) => ({ name })) }),
})

/** This user may do all but what is about Rebalances. */
const lines = (answers: Answers, operates?: string) =>
  apiServer(
    {
      [MAY_I]: (body) => {
        const allowed = JSON.parse(body).spec.resourceAttributes.resource !== 'rebalances'
        return { status: 201, body: JSON.stringify({ status: { allowed } }) }
      },
      ...answers,
    },
    async ({ kube }) => {
      const facts = { kube, served: ['v2beta1'], changes: true, operates }
      return (await permissions.run(facts as unknown as Parameters<typeof permissions.run>[0])).lines
    },
  )
const missing = (all: Awaited<ReturnType<typeof lines>>) => all.filter(({ state }) => state === 'missing')

test('rights on the kind Rebalance are missing where the API server has it', async () => {
  const found = missing(await lines({ [KINDS]: kinds('emqxes', 'rebalances') }, 'rebalance'))
  assert.equal(
    found.map(({ says }) => says.split(',')[0]),
    ['list', 'create', 'get', 'delete'].map((verb) => `this user may not ${verb} rebalances.apps.emqx.io`),
  )
})

test('and are not asked for where it lacks it, or for another operation', async () => {
  const without = await lines({ [KINDS]: kinds('emqxes') }, 'rebalance')
  assert.ok(without.length > 10)
  assert.equal(missing(without), [])
  assert.equal(missing(await lines({ [KINDS]: kinds('emqxes', 'rebalances') }, 'stop')), [])
})

test('they are asked for while it is unknown which kinds there are', async () => {
  assert.is(missing(await lines({ [KINDS]: refusal(500, 'InternalError', 'no') }, 'rebalance')).length, 4)
})

test.run()
