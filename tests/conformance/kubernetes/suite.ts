import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { testWith } from '../../support/programs.ts'
import { accessCases } from './cases/access.ts'
import { customCases } from './cases/custom-resources.ts'
import { endpointCases } from './cases/endpoints.ts'
import { kubectlCases } from './cases/kubectl.ts'
import { listCases } from './cases/lists.ts'
import { ownershipCases } from './cases/ownership.ts'
import { patchCases } from './cases/patches.ts'
import { NODE } from './cases/pods.ts'
import { setCases } from './cases/sets.ts'
import { validationCases } from './cases/validation.ts'
import { verbCases } from './cases/verbs.ts'
import { watchCases } from './cases/watches.ts'
import { type Cases, type Server, World } from './world.ts'

const CASES: Cases = {
  ...verbCases,
  ...patchCases,
  ...listCases,
  ...watchCases,
  ...customCases,
  ...validationCases,
  ...ownershipCases,
  ...setCases,
  ...endpointCases,
  ...accessCases,
}

/** Every case, one after the other, each in a namespace of its own. What differs between the servers stands in docs/fidelity.md. */
export function conformance(start: () => Promise<Server & { close(): Promise<void> }>): void {
  let server: Awaited<ReturnType<typeof start>>
  let count = 0
  test.before(async () => {
    server = await start()
    await makeNode(server)
  })
  test.after(() => server?.close())
  const withKubectl = testWith('kubectl')
  // Of these alone, where a developer looks for one.
  const [, , wanted = ''] = process.argv
  for (const [title, act] of Object.entries({ ...CASES, ...kubectlCases })) {
    if (!title.includes(wanted)) continue
    const run = title in kubectlCases ? withKubectl : test
    run(title, async () => {
      const world = new World(server, `case-${++count}`)
      await makeNamespace(world)
      try {
        await act(world)
      } finally {
        world.close()
      }
    })
  }
}

/** The Node that cases bind their pods to: one that is not there serves nothing. */
async function makeNode(server: Server): Promise<void> {
  const { status, body } = await new World(server, '').ask('POST', '/api/v1/nodes', {
    metadata: { name: NODE },
  })
  assert.is(status, 201, JSON.stringify(body))
}

/** With the ServiceAccount that pods act as, without which they are refused. */
async function makeNamespace(world: World): Promise<void> {
  const { status, body } = await world.ask('POST', '/api/v1/namespaces', {
    metadata: { name: world.namespace },
  })
  assert.is(status, 201, JSON.stringify(body))
  const account = world.path('serviceaccounts', 'default')
  await world.eventually('the ServiceAccount', async () => (await world.get(account)).status === 200)
}
