/** The emulated API server says about access what a real one of the same version said to the same requests (record.ts). */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { projectFile } from '../../../support/project-file.ts'
import { startHarness, TOKEN } from '../harness.ts'
import { exchanges } from './exchanges.ts'
import { startPodServer } from './pod-server.ts'
import { type Recorded, sendAll } from './send.ts'

const FIXTURE = projectFile('tests/fixtures/kubernetes/access-1.34.4.json')

/** Not the address that requests come from. */
const POD = '127.0.0.2'

/** What the two may differ in: how they connect to a pod, and the details of a pod's own answer. */
function comparable({ as, send, status, location, body }: Recorded): unknown {
  const known = structuredClone(body) as Record<string, unknown> & { headers?: Record<string, string> }
  if (typeof known !== 'object' || known === null) return { as, send, status, location, body }
  if (known.headers) {
    // A Go server asks pods for compressed answers and keeps connections; neither reaches the client.
    delete known.headers['accept-encoding']
    delete known.headers.connection
  }
  // The order of rules is that of a Go map: none.
  if (known.kind === 'SelfSubjectRulesReview') known.status = sortedLists(known.status)
  if (known.kind === 'Pod') return { as, send, status, kind: known.kind }
  return { as, send, status, location, body: known }
}

function sortedLists(value: unknown): unknown {
  const entries = Object.entries(value as object).map(([key, item]) => [
    key,
    Array.isArray(item) ? item.map((one) => JSON.stringify(one, Object.keys(one).sort())).sort() : item,
  ])
  return Object.fromEntries(entries)
}

const recorded = JSON.parse(readFileSync(FIXTURE, 'utf8')) as Recorded[]
let answers: Recorded[]

test.before(async () => {
  const alice = { name: 'alice', token: 'alice-token', groups: ['devs'] }
  const harness = await startHarness({ users: [alice] })
  const { server, port } = await startPodServer(POD)
  const tokens = { admin: TOKEN, alice: alice.token }
  answers = await sendAll({ url: harness.server.url, tokens, pod: { host: POD, port } }, exchanges)
  server.close()
  await harness.close()
})

test('every request was recorded', () => {
  assert.is(answers.length, recorded.length)
})

for (const [i, expected] of recorded.entries())
  test(`${expected.as}: ${expected.send}`, () => {
    assert.equal(comparable(answers[i]!), comparable(expected))
  })

test.run()
