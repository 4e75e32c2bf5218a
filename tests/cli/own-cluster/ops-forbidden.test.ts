/** What the API server does not let a role do: a write that it refuses is a refused operation (6), what may not be read is an unfit environment (4). */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readRecord } from '#weir/record/index.ts'
import { type Answers, listOf, refusal } from '../../cluster/api-server.ts'
import { weir } from '../weir.ts'
import {
  cannedCluster,
  EMQX,
  EMQXES,
  json,
  MAY_I,
  mayAllBut,
  settledEmqx,
  WHO_AM_I,
} from './canned-cluster.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-forbidden-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const LEASES = '/apis/coordination.k8s.io/v1/namespaces/space/leases'
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'
const LICENCES = `${CONFIG_MAPS}/weir-licence`
const forbidden = (what: string) => refusal(403, 'Forbidden', `User "u" cannot ${what}`)
/** A licence whose number of connections EMQX lets be set. */
const CRITICAL = JSON.stringify({ max_sessions: 100, customer_type: 3, type: 'official', expiry: false })

const policy = join(folder, 'policy.yaml')
writeFileSync(policy, 'licence: { total: 10000 }\n')

const SCALE = ['scale', '4']
const CONNECTIONS = ['connections', '50', '--policy', policy]

const settled = settledEmqx()
const SETTLED: Answers = { [EMQX]: json(settled), [EMQXES]: listOf(settled) }

let runs = 0
async function ops(args: string[], answers: Answers) {
  const out = join(folder, `run-${++runs}`)
  return cannedCluster(
    { answers: { ...SETTLED, ...answers }, node: { '/api/v5/license': CRITICAL } },
    async (cluster) => {
      const ran = await weir(['ops', ...args, '--kubeconfig', cluster.kubeconfig, '--out', out, '--yes'])
      const written = cluster.requests.filter(
        ({ method, path }) =>
          method !== 'GET' && ![WHO_AM_I, MAY_I].includes(path) && !path.startsWith(LEASES),
      )
      return { ...ran, out, written: written.map(({ method, path }) => `${method} ${path}`) }
    },
  )
}

/** A Lease that is given and let go. */
const LEASE: Answers = {
  [LEASES]: json({ metadata: { name: 'weir-ops-emqx' } }),
  [`${LEASES}/weir-ops-emqx`]: json({ metadata: { name: 'weir-ops-emqx' } }),
}

/** [what, the operation, what the API server answers, exit code, what is said, whether it is recorded] */
const CASES: [string, string[], Answers, number, RegExp, boolean][] = [
  [
    'to change the resource',
    SCALE,
    { [MAY_I]: mayAllBut(/^patch emqxes/) },
    6,
    /^weir: this user may not patch emqxes.*: grant it, e\.g\. with deploy\/rbac\.yaml \[WEIR_REFUSED\]$/m,
    true,
  ],
  [
    'to begin an operation, by the review',
    SCALE,
    { [MAY_I]: mayAllBut(/^create leases/) },
    6,
    /may not create leases.*\[WEIR_REFUSED\]$/m,
    true,
  ],
  [
    'to begin an operation, by the request itself',
    SCALE,
    { [LEASES]: forbidden('create leases') },
    6,
    /does not allow this user to hold the Lease of an operation \(403: .*\[WEIR_REFUSED\]$/m,
    true,
  ],
  [
    'to read the resource',
    SCALE,
    { [EMQXES]: forbidden('list emqxes') },
    4,
    /cannot list emqxes.*\[WEIR_CLUSTER_FORBIDDEN\]$/m,
    false,
  ],
  [
    'to read what it needs to see',
    SCALE,
    { [MAY_I]: mayAllBut(/^watch pods/) },
    4,
    /may not watch pods.*\[WEIR_CLUSTER_FORBIDDEN\]$/m,
    true,
  ],
  [
    'to claim connections of a shared licence',
    CONNECTIONS,
    { ...LEASE, [CONFIG_MAPS]: forbidden('create configmaps') },
    6,
    /does not allow this user to change ConfigMap default\/weir-licence \(403: .*\[WEIR_REFUSED\]$/m,
    true,
  ],
  [
    'to read what is claimed of a shared licence',
    CONNECTIONS,
    { ...LEASE, [LICENCES]: forbidden('get configmaps') },
    4,
    /does not allow this user to read ConfigMap default\/weir-licence \(403: .*\[WEIR_CLUSTER_FORBIDDEN\]$/m,
    true,
  ],
]

for (const [what, args, answers, code, words, isRecorded] of CASES)
  test(`a role that may not, ${what}: exit ${code}`, async () => {
    const ran = await ops(args, answers)
    assert.match(ran.stderr, words, ran.stderr)
    assert.is(ran.code, code, ran.stderr)
    assert.equal(
      ran.written.filter((one) => one !== `POST ${CONFIG_MAPS}`),
      [],
      'nothing is written',
    )
    assert.is(existsSync(ran.out), isRecorded)
    if (!isRecorded) return
    const { events } = await readRecord(ran.out)
    assert.ok(events.some((event) => event.type === 'action' && event.phase === 'refused'))
  })

test.run()
