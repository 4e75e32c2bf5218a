/** weir doctor against clusters that lack one thing or another. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checks } from '#weir/preflight/doctor/index.ts'
import { machineChecks } from '#weir/preflight/machine/index.ts'
import { listOf, refusal } from '../../cluster/api-server.ts'
import { matchesGolden } from '../../reports/golden.ts'
import { projectFile } from '../../support/project-file.ts'
import { type Ran, weir } from '../weir.ts'
import {
  about,
  cannedCluster,
  DEPLOYMENTS,
  EMQX,
  EMQXES,
  emqx,
  GROUP,
  json,
  MAY_I,
  mayAllBut,
  operator,
  PODS,
  SERVICE,
  WHO_AM_I,
} from './canned-cluster.ts'

type Cluster = Parameters<typeof cannedCluster>[0]

const golden = (name: string) => projectFile(`tests/cli/golden/${name}.txt`)

function doctor(cluster: Cluster, args: string[] = [], env: Record<string, string> = {}): Promise<Ran> {
  return cannedCluster(cluster, async ({ kubeconfig, plain, requests }) => {
    const ran = await weir(['doctor', ...args, '--kubeconfig', kubeconfig], { env, columns: 160 })
    const changes = requests.filter(
      ({ method, path }) => method !== 'GET' && ![WHO_AM_I, MAY_I].includes(path),
    )
    assert.equal(changes, [], 'nothing is changed')
    return { ...ran, stdout: plain(ran.stdout), stderr: plain(ran.stderr) }
  })
}

/** Without what differs from machine to machine and hour to hour, and its share of the sum; tests/preflight/machine checks those. */
function ofTheCluster(text: string): string {
  const lines = /^(ok|warning) +(backlog|conntrack|CPUs|memory|clock) .*\n( +.*\n)*/gm
  const warnings = [...text.matchAll(lines)].filter(([, state]) => state === 'warning').length
  const rest = text.replaceAll(lines, '')
  return warnings === 0 ? rest : rest.replace(/[,:] \d+ warnings?$/m, '')
}

interface Told {
  fit: boolean
  checks: { check: string; state: string; says: string; todo?: string }[]
}

async function told(cluster: Cluster, args: string[] = [], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await doctor(cluster, [...args, '--json'], env)
  assert.is(stderr, '')
  const { fit, checks: lines } = JSON.parse(stdout) as Told
  assert.is(code, fit ? 0 : 4)
  return { fit, of: (check: string) => lines.filter((one) => one.check === check), lines }
}

async function lacks(check: string, words: RegExp, cluster: Cluster, args: string[] = [], env = {}) {
  const { fit, of, lines } = await told(cluster, args, env)
  assert.is(fit, false)
  const missing = of(check).filter(({ state }) => state === 'missing')
  assert.is(missing.length, 1, JSON.stringify(lines.filter(({ state }) => state !== 'ok')))
  assert.match(`${missing[0]!.says}: ${missing[0]!.todo}`, words)
  assert.ok(missing[0]!.todo, 'it says what to do')
}

test('a cluster that is fit: everything is looked at, and said', async () => {
  const { code, stdout } = await doctor({}, ['blue-green-v5'])
  matchesGolden(ofTheCluster(stdout), golden('doctor-fit'))
  assert.is(code, 0)
})

/** Whose turn comes only with clients in pods of the cluster. */
const OF_PODS = 'fleet-job'

test('every check has its turn', async () => {
  const { lines } = await told({}, ['blue-green-v5'])
  assert.equal(
    [...new Set(lines.map(({ check }) => check))],
    checks.map(({ id }) => id).filter((id) => id !== OF_PODS),
  )
})

test('clients in pods: their Jobs, their image and their permissions, and nothing of this machine', async () => {
  const inPods = [
    'blue-green-v5',
    '--fleet',
    'job',
    '--pods',
    '4',
    '--fleet-image',
    'registry.example/weir:1',
  ]
  const batch = { '/apis/batch/v1': json({ kind: 'APIResourceList' }) }
  const { fit, of, lines } = await told({ answers: batch }, inPods)
  assert.is(fit, true)
  assert.equal(of(OF_PODS)[0]?.says, '4 of registry.example/weir:1, 750 clients each')
  for (const verb of ['create jobs.batch', 'delete jobs.batch', 'create secrets', 'create pods/proxy'])
    assert.ok(
      of('permissions').some(({ says }) => says === verb),
      verb,
    )
  for (const { check } of lines)
    assert.not.ok(
      machineChecks.some(({ id }) => id === check),
      check,
    )
  await lacks(OF_PODS, /batch\/v1.*leave --fleet job out/, {}, inPods)
  await lacks(OF_PODS, /no image of weir.*--fleet-image/, { answers: batch }, inPods.slice(0, 5))
  const { stderr } = await weir(['doctor', '--fleet', 'job', '--pods', '2'])
  assert.match(stderr, /^weir: --fleet job needs a cluster: add --kubeconfig FILE \[WEIR_USAGE\]\n$/)
})

test('what comes after something that is missing is unknown, not fine', async () => {
  const { code, stdout } = await doctor({ answers: { [GROUP]: refusal(404, 'NotFound', 'nothing') } })
  matchesGolden(ofTheCluster(stdout), golden('doctor-no-crd'))
  assert.is(code, 4)
})

const ofTheMachine = machineChecks.map(({ id }) => id)

test('without a fleet nobody asks for addresses, ports and licences', async () => {
  const { fit, lines } = await told({}, ['--clients', '0'])
  assert.is(fit, true)
  for (const { check } of lines)
    assert.not.ok(['client-address', 'mqtt', 'licence', ...ofTheMachine].includes(check), check)
})

test('credentials that are not accepted', () =>
  lacks('user', /\(401\).*renew/, { answers: { [WHO_AM_I]: refusal(401, 'Unauthorized', 'Unauthorized') } }))

test('permission by permission', async () => {
  const { of } = await told({ answers: { [MAY_I]: mayAllBut(/^patch emqxes|^list nodes/) } })
  const lines = of('permissions')
  assert.ok(lines.length > 20, 'all of them are listed')
  assert.equal(
    lines.filter(({ state }) => state !== 'ok').map(({ state, says }) => [state, says.split(',')[0]!]),
    [
      ['warning', 'this user may not list nodes in the whole cluster'],
      ['missing', 'this user may not patch emqxes.apps.emqx.io'],
    ],
  )
})

test('a review that the server refuses is unknown', async () => {
  const { fit, of } = await told({ answers: { [MAY_I]: refusal(403, 'Forbidden', 'no reviews here') } })
  assert.is(fit, true)
  for (const { state, says } of of('permissions')) {
    assert.is(state, 'unknown')
    assert.match(says, /no reviews here/)
  }
})

test('resources that may not be listed: the permissions are reviewed all the same', async () => {
  const forbidden = refusal(403, 'Forbidden', 'emqxes is forbidden')
  const { of } = await told({
    answers: { [EMQXES]: forbidden, [MAY_I]: mayAllBut(/emqxes|emqxenterprises/) },
  })
  assert.is(of('resource')[0]?.state, 'missing')
  assert.ok(of('permissions').some(({ says }) => says.includes('may not list emqxes')))
  assert.ok(of('permissions').some(({ state }) => state === 'ok'))
})

test('two resources, and none of the name', async () => {
  await lacks('resource', /emqx, other.*--name/, {
    answers: { [EMQXES]: listOf(emqx(), emqx('other')) },
  })
  await lacks('resource', /no EMQX or? ?.*nobody|nobody.*--name/, {}, ['--name', 'nobody'])
})

test('resources in a version that weir does not know are no missing operator', () =>
  lacks(
    'crd',
    /serves the resources of the EMQX Operator in apps\.emqx\.io\/v4beta1, which this weir does not know: .* of lines 2\.1, 2\.2 and 3\.0$/,
    { answers: { [GROUP]: json({ versions: [{ version: 'v4beta1' }] }) } },
  ))

test('an operator of an unknown line, or of none', async () => {
  const newer = { answers: { [DEPLOYMENTS]: operator('emqx/emqx-operator:3.0.0') } }
  await lacks('operator', /does not know the EMQX Operator 3\.0\.0 .*newer.*is of line 2\.2$/, newer)
  const older = { answers: { [DEPLOYMENTS]: operator('emqx/emqx-operator:2.0.3') } }
  await lacks('operator', /2\.0\.3.*--operator/, older)
  assert.is((await told(newer, ['--operator', '2.2.29'])).fit, true)
  await lacks('operator', /no Deployment.*--operator/, { answers: { [DEPLOYMENTS]: listOf() } })
})

test('an open-source EMQX has no evacuation', () =>
  lacks('evacuation', /open-source.*Enterprise/, {
    node: { '/api/v5/nodes': about({ edition: 'Opensource' }) },
  }))

test('no pod that can be asked', () => lacks('pods', /none of the 0 pods/, { answers: { [PODS]: listOf() } }))

test('EMQX answers 401, and half a pair of credentials', async () => {
  for (const path of ['/api/v5/clients', '/api/v5/load_rebalance/global_status'])
    await lacks(
      'emqx-api',
      /does not list its (clients|evacuations): GET \S+: .+: check what refuses it on pod/,
      {
        node: { [path]: 'no JSON' },
      },
    )
  await lacks('emqx-api', /401.*set WEIR_EMQX_API_KEY/, {}, [], {
    WEIR_EMQX_API_KEY: 'admin',
    WEIR_EMQX_API_SECRET: 'wrong-password',
  })
  await lacks('resource', /EMQX 5 does not accept a dashboard user: set WEIR_EMQX_API_KEY/, {}, [], {
    WEIR_EMQX_USER: 'admin',
    WEIR_EMQX_PASSWORD: 'wrong-password',
  })
  const half = await doctor({}, [], { WEIR_EMQX_API_KEY: 'k' })
  assert.is(half.code, 2)
  assert.match(
    half.stderr,
    /^weir: WEIR_EMQX_API_KEY is set and WEIR_EMQX_API_SECRET is not: .* \[WEIR_USAGE\]\n$/,
  )
})

test('rates that nobody set, and none at all', async () => {
  const unset = emqx('emqx', { updateStrategy: undefined })
  const { fit, of } = await told({ answers: { [EMQX]: json(unset), [EMQXES]: listOf(unset) } })
  assert.is(fit, true)
  assert.is(of('rates')[0]?.state, 'warning')
  assert.match(of('rates')[0]!.says, /1000 connections/)
})

test('the version that runs already', () =>
  lacks('version', /already runs EMQX 5\.8\.6.*--to/, {}, ['blue-green-v5', '--to', '5.8.6']))

test('a scenario downgrades nothing; who names an older version may', async () => {
  const shipped = readFileSync(projectFile('scenarios/blue-green-v5.yaml'), 'utf8')
  const file = join(mkdtempSync(join(tmpdir(), 'weir-older-')), 'older.yaml')
  writeFileSync(file, shipped.replace('version: 5.8.7', 'version: 5.8.1'))
  await lacks('version', /5\.8\.6, newer than the scenario's 5\.8\.1.*--to/, {}, [file])
  const { of } = await told({}, [file, '--to', '5.7.12'])
  assert.equal(
    of('version').map(({ state, says }) => `${state}: ${says}`),
    ['ok: 5.8.6 to 5.7.12, a downgrade'],
  )
  const newer = await told({}, [file, '--to', '5.8.10'])
  assert.is(newer.of('version')[0]?.says, '5.8.6 to 5.8.10')
})

test('a licence that is too small, for those that are there and those that come', async () => {
  const licence = (most: number) => ({
    '/api/v5/license': JSON.stringify({ max_sessions: most, expiry: false }),
  })
  await lacks('licence', /for 2000 clients/, { node: licence(2000) })
  await lacks('licence', /500 are connected/, {
    node: { ...licence(3400), '/api/v5/nodes': about({ live_connections: 500 }) },
  })
  assert.is((await told({ node: licence(3000) })).fit, true)
})

test('other clients: a warning for a run, none for one that only looks on', async () => {
  const node = { '/api/v5/nodes': about({ live_connections: 7 }) }
  assert.is((await told({ node })).of('other-clients')[0]?.state, 'warning')
  assert.is((await told({ node }, ['--clients', '0'])).of('other-clients')[0]?.state, 'ok')
})

test('other clients where nodes do not tell connections from sessions: the gauge does, or nobody does', async () => {
  const nodes = { '/api/v5/nodes': about({ connections: 900, live_connections: undefined }) }
  const gauges = (text: string) => ({ '/api/v5/prometheus/stats': text })
  const look = async (text: string) =>
    (await told({ node: { ...nodes, ...gauges(text) } })).of('other-clients')[0]
  const counted = await look('emqx_connections_count 900\nemqx_live_connections_count 7\n')
  assert.is(counted?.state, 'warning')
  assert.match(counted!.says, /^7 other clients are connected/)
  assert.is((await look('emqx_connections_count 900\nemqx_live_connections_count 0\n'))?.state, 'ok')
  const uncounted = await look('emqx_connections_count 900\n')
  assert.is(uncounted?.state, 'unknown')
  assert.match(uncounted!.says, /900 sessions/)
  const empty = {
    node: {
      '/api/v5/nodes': about({ live_connections: undefined }),
      ...gauges('emqx_connections_count 0\n'),
    },
  }
  assert.is((await told(empty)).of('other-clients')[0]?.state, 'ok', 'no session, no client')
})

test('KUBECONFIG names the cluster where something is asked of one', async () => {
  const env = { KUBECONFIG: '/none/a:/none/b' }
  const asked = await weir(['doctor', 'blue-green-v5', '--clients', '10'], { env })
  assert.match(asked.stdout, /cannot read the kubeconfig \/none\/a:\/none\/b/)
  assert.is(asked.code, 4)
  const alone = await weir(['doctor', '--clients', '10'], { env })
  assert.not.match(alone.stdout, /kubeconfig/)
})

test('a Service without an address that can be reached', async () => {
  await lacks('client-address', /does not accept connections/, {
    answers: {
      [SERVICE]: json({
        metadata: { name: 'emqx-listeners' },
        spec: { type: 'NodePort', ports: [{ name: 'tcp-default', port: 1883, nodePort: 9 }] },
      }),
    },
  })
  await lacks('client-address', /no load balancer address/, {}, [
    'blue-green-v5',
    '--set',
    'fleet.connection=loadBalancer',
  ])
})

test('a broker that asks clients who they are', async () => {
  const user = { username: 'bench', password: 'r1ght' }
  const env = { WEIR_MQTT_USERNAME: 'bench', WEIR_MQTT_PASSWORD: 'r1ght' }
  assert.is((await told({ user }, [], env)).fit, true)
  await lacks('mqtt', /Bad User Name or Password.*WEIR_MQTT_USERNAME.* if EMQX authenticates/, { user })
  const wrong = { ...env, WEIR_MQTT_PASSWORD: 'wr0ng' }
  await lacks(
    'mqtt',
    /Bad User Name or Password.*check the user \(--username or WEIR_MQTT_USERNAME\) and its password.*begins with weir-doctor/,
    { user },
    [],
    wrong,
  )
  const { stdout, stderr } = await doctor({ user }, ['blue-green-v5'], wrong)
  assert.not.match(stdout + stderr, /wr0ng/)
  const half = await doctor({}, [], { WEIR_MQTT_PASSWORD: 'r1ght' })
  assert.is(half.code, 2)
  assert.match(
    half.stderr,
    /^weir: WEIR_MQTT_PASSWORD is set and WEIR_MQTT_USERNAME is not: .*without a user name \[WEIR_USAGE\]\n$/,
  )
})

test('a scenario for another kind of resource names those that fit', () =>
  lacks('scenario', /blue-green is for v1beta4.*run .*blue-green-v5/, {}, ['blue-green']))

test('clients for whom one process and one address do not suffice go over several', async () => {
  const { of } = await told({}, ['--clients', '60000'])
  assert.is(of('ports')[0]!.state, 'ok')
  assert.match(of('ports')[0]!.says, /from \d+ source addresses/)
  assert.is(of('descriptors')[0]!.state, 'ok')
})

test('more clients than this machine has descriptors or memory for', async () => {
  const { fit, lines } = await told({}, ['--clients', '100000000'])
  assert.is(fit, false)
  const missing = lines.filter(({ state }) => state === 'missing').map(({ check }) => check)
  assert.ok(missing.includes('memory'), missing.join())
})

test.run()
