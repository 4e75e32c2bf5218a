import { inspect } from 'node:util'
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
import { podProxyCases } from './cases/pod-proxy.ts'
import { NODE } from './cases/pods.ts'
import { setCases } from './cases/sets.ts'
import { validationCases } from './cases/validation.ts'
import { verbCases } from './cases/verbs.ts'
import { watchCases } from './cases/watches.ts'
import type { Difference } from './differs.ts'
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
  ...podProxyCases,
}

/**
 * Every case, one after the other, each in a namespace of its own. Those of `differs` do not hold on this server, for the reason that stands
 * there and in docs/fidelity.md; one of them that holds all the same, or fails in another way, fails the suite, so that the list stays true.
 */
export function conformance(
  start: () => Promise<Server & { close(): Promise<void> }>,
  differs: Readonly<Record<string, Difference>> = {},
): void {
  let server: Awaited<ReturnType<typeof start>>
  let count = 0
  test.before(async () => {
    server = await start()
    await makeNode(server)
  })
  test.after(() => server?.close())
  const withKubectl = testWith('kubectl')
  for (const title of Object.keys(differs)) assert.ok(title in CASES, `no case is called "${title}"`)
  // Of these alone, where a developer looks for one.
  const [, , wanted = ''] = process.argv
  for (const [title, act] of Object.entries({ ...CASES, ...kubectlCases })) {
    if (!title.includes(wanted)) continue
    const run = title in kubectlCases ? withKubectl : test
    run(title, async () => {
      const world = new World(server, `case-${++count}`)
      await makeNamespace(world)
      try {
        const difference = differs[title]
        if (difference === undefined) await act(world)
        else await mustFail(() => act(world), difference)
      } finally {
        world.close()
      }
    })
  }
}

export async function mustFail(act: () => Promise<void>, { reason, failure }: Difference): Promise<void> {
  const said = await act().then(() => undefined, wordsOf)
  if (said === undefined)
    throw new Error(`it holds, and is listed as a difference (${reason}): take it off the list`)
  assert.match(said, failure, `it fails in another way than the one that is listed (${reason}): ${said}`)
}

/** The message of an error; what an assertion was given and what it expected come last. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (!(error instanceof assert.Assertion)) return error.message
  return `${error.message} ${inspect(error.actual)} instead of ${inspect(error.expects)}`
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
