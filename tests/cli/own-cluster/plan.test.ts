/** weir run --kubeconfig, up to the question: what is shown, what is asked, and that nothing is changed before. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CATALOGUE, type ErrorCode } from '#weir/errors/index.ts'
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
  SERVICE,
  WHO_AM_I,
} from './canned-cluster.ts'

type Cluster = Parameters<typeof cannedCluster>[0]

const folder = mkdtempSync(join(tmpdir(), 'weir-plan-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))
const out = join(folder, 'record')

const golden = (name: string) => projectFile(`tests/cli/golden/${name}.txt`)

/** Runs it with this answer ready; undefined: nobody is there to be asked. Nothing may have been changed. */
function run(
  cluster: Cluster,
  args: string[],
  { answer, env = {} }: { answer?: string | undefined; env?: Record<string, string> } = {},
): Promise<Ran & { asked: string[] }> {
  return cannedCluster(cluster, async ({ kubeconfig, plain, requests }) => {
    const asked: string[] = []
    const ask = async (question: string) => {
      asked.push(question)
      return answer
    }
    const ran = await weir(['run', ...args, '--kubeconfig', kubeconfig, '--out', out], { ask, env })
    const changes = requests.filter(
      ({ method, path, isDryRun }) => method !== 'GET' && !isDryRun && ![WHO_AM_I, MAY_I].includes(path),
    )
    assert.equal(changes, [], 'nothing is changed')
    assert.not.ok(existsSync(out), 'and nothing recorded')
    return { ...ran, stdout: plain(ran.stdout), stderr: plain(ran.stderr), asked }
  })
}

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1) ?? ''

test('the plan, as it is shown before anything happens', async () => {
  const { code, stdout, stderr, asked } = await run({}, ['blue-green-v5', '--to', '5.8.9'], { answer: 'n' })
  matchesGolden(stderr, golden('plan-v5'))
  assert.equal(asked, ['Continue? [y/N] '])
  assert.is(stdout, '')
  assert.is(code, 130)
})

test('the plan of a cluster that others use too, with what cannot be asked there', async () => {
  const { stderr } = await run({ node: { '/api/v5/nodes': about({ live_connections: 40 }) } }, [
    'blue-green-v5',
  ])
  matchesGolden(stderr, golden('plan-shared'))
})

test('the plan names what EMQX is given to keep, and nothing that it is not given', async () => {
  const planned = async (...set: string[]) => {
    const { stderr } = await run({}, ['scale-out-v5', ...set.flatMap((one) => ['--set', one])])
    return /^stored +(.*(?:\n {5,}.*)*)$/m.exec(stderr)?.[1]?.replace(/\s+/g, ' ')
  }
  assert.is(
    await planned(),
    '20 retained messages below weir/stored/ and 2 sessions with 10 messages each, removed at the end',
  )
  assert.is(
    await planned('steps.5.sessions=0', 'steps.5.retained=1'),
    '1 retained message below weir/stored/, removed at the end',
  )
  assert.is(
    await planned('steps.5.retained=0', 'steps.5.queuedEach=1'),
    '2 sessions with 1 message each, removed at the end',
  )
})

/** A cluster with Jobs. */
const BATCH = { '/apis/batch/v1': json({ kind: 'APIResourceList', groupVersion: 'batch/v1' }) }
const IN_PODS = ['blue-green-v5', '--to', '5.8.9', '--fleet', 'job', '--pods', '4']
const IMAGE = ['--fleet-image', 'registry.example/weir:1']

test('the plan of a fleet in pods: what is created for it, and that it is deleted', async () => {
  const { stderr } = await run({ answers: BATCH }, [...IN_PODS, ...IMAGE], { answer: 'n' })
  matchesGolden(stderr, golden('plan-job'))
})

test('a fleet in pods without an image, without Jobs, and without the permission for them', async () => {
  await refused(IN_PODS, 'WEIR_FLEET_JOB', /no image of weir is known.*--fleet-image/, { answers: BATCH })
  await refused([...IN_PODS, ...IMAGE], 'WEIR_FLEET_JOB', /does not serve batch\/v1/)
  for (const denied of [/^create jobs/, /^delete jobs/, /^create secrets/])
    await refused(
      [...IN_PODS, ...IMAGE],
      'WEIR_CLUSTER_FORBIDDEN',
      /this user may not (create|delete) (jobs|secrets).*deploy\/fleet-rbac\.yaml/,
      { answers: { ...BATCH, [MAY_I]: mayAllBut(denied) } },
    )
})

test('a scenario whose own deadline is too short for this cluster: the limit that will apply is shown', async () => {
  const { stderr } = await run({}, ['blue-green-v5-quick'])
  const plain = stderr.replace(/\s+/g, ' ')
  assert.match(plain, /expected duration: up to 20 minutes; time limit: 31 minutes/)
})

for (const answer of ['', 'n', 'no', 'yess', 'Y es'])
  test(`"${answer}" is a no`, async () => {
    const { code, stderr } = await run({}, ['blue-green-v5'], { answer })
    assert.is(code, CATALOGUE.WEIR_DECLINED.exit)
    assert.match(lastLine(stderr), /^weir: nothing was changed: .* \[WEIR_DECLINED\]$/)
  })

test('without a terminal and without --yes nothing is done', async () => {
  const { code, stderr } = await run({}, ['blue-green-v5'])
  assert.is(code, 2)
  assert.match(lastLine(stderr), /^weir: there is no terminal .*--yes.* \[WEIR_USAGE\]$/)
})

async function refused(args: string[], code: ErrorCode, words: RegExp, cluster: Cluster = {}, env = {}) {
  const ran = await run(cluster, [...args, '--yes'], { env })
  assert.is(ran.code, CATALOGUE[code].exit, ran.stderr)
  assert.is(ran.stdout, '')
  assert.is(ran.stderr.trimEnd().split('\n').length, 1, `one line, not:\n${ran.stderr}`)
  assert.match(ran.stderr, new RegExp(`^weir: .* \\[${code}\\]\n$`))
  assert.match(ran.stderr, words)
}

test('a context that the kubeconfig does not have', () =>
  refused(['blue-green-v5', '--context', 'elsewhere'], 'WEIR_KUBECONFIG', /no context "elsewhere"/))

test('a cluster without the resource definitions', () =>
  refused(['blue-green-v5'], 'WEIR_CLUSTER_UNFIT', /install a release line of the EMQX Operator/, {
    answers: { [GROUP]: refusal(404, 'NotFound', 'nothing') },
  }))

test('two resources and no name', () =>
  refused(['blue-green-v5'], 'WEIR_CLUSTER_UNFIT', /\(emqx, other\).*--name/, {
    answers: { [EMQXES]: listOf(emqx(), emqx('other')) },
  }))

test('a scenario for another kind of resource', () =>
  refused(['blue-green'], 'WEIR_CLUSTER_UNFIT', /v1beta4.*EMQX space\/emqx.*run .*blue-green-v5/))

test('an open-source edition', () =>
  refused(['blue-green-v5'], 'WEIR_CLUSTER_UNFIT', /open-source/, {
    node: { '/api/v5/nodes': about({ edition: 'Opensource' }) },
  }))

test('an operator of an unknown line', () =>
  refused(['blue-green-v5'], 'WEIR_CLUSTER_UNFIT', /3\.0\.0.*newer than the lines that weir knows/, {
    answers: { [DEPLOYMENTS]: operator('emqx/emqx-operator:3.0.0') },
  }))

test('an --operator that is no release line', () =>
  refused(['blue-green-v5', '--operator', 'latest'], 'WEIR_USAGE', /--operator latest/))

test('a Service without an address that can be reached', () =>
  refused(['blue-green-v5'], 'WEIR_CLUSTER_UNFIT', /no address of Service emqx-listeners/, {
    answers: {
      [SERVICE]: json({ metadata: { name: 'emqx-listeners' }, spec: { type: 'ClusterIP', ports: [] } }),
    },
  }))

test('a 401 from EMQX', () =>
  refused(
    ['blue-green-v5'],
    'WEIR_CLUSTER_UNFIT',
    /401.*set WEIR_EMQX_API_KEY/,
    {},
    {
      WEIR_EMQX_API_KEY: 'k',
      WEIR_EMQX_API_SECRET: 'wrong-secret',
    },
  ))

test('a broker that does not know the user', () =>
  refused(
    ['blue-green-v5'],
    'WEIR_BROKER',
    /Bad User Name or Password: check the user/,
    { user: { username: 'bench', password: 'r1ght' } },
    { WEIR_MQTT_USERNAME: 'bench', WEIR_MQTT_PASSWORD: 'wr0ng' },
  ))

test('a permission that is missing', () =>
  refused(['blue-green-v5'], 'WEIR_CLUSTER_FORBIDDEN', /may not patch emqxes.*deploy\/rbac\.yaml/, {
    answers: { [MAY_I]: mayAllBut(/^patch/) },
  }))

test('a fleet that the licence is too small for', () =>
  refused(['blue-green-v5'], 'WEIR_CLUSTER_UNFIT', /for 25 clients/, {
    node: { '/api/v5/license': JSON.stringify({ max_sessions: 25, expiry: false }) },
  }))

test('a version that runs already', () =>
  refused(['blue-green-v5', '--to', '5.8.6'], 'WEIR_CLUSTER_UNFIT', /already runs EMQX 5\.8\.6/))

test('testbed settings and faults', async () => {
  await refused(['blue-green-v5', '--fault', 'rate-13'], 'WEIR_FAULT_REFUSED', /the fault rate-13/)
  await refused(['upgrade-network-cut-v5'], 'WEIR_FAULT_REFUSED', /the step disturb/)
  await refused(
    ['blue-green-v5', '--set', 'testbed.operator=2.2.29'],
    'WEIR_FAULT_REFUSED',
    /--set testbed\.operator=2\.2\.29/,
  )
})

test('flags of a cluster of one’s own say something only with --kubeconfig', async () => {
  for (const flag of [['--name', 'x'], ['--yes'], ['--operator', '2.2.29']]) {
    const { code, stderr } = await weir(['run', 'blue-green', ...flag])
    assert.is(code, 2)
    assert.match(stderr, new RegExp(`^weir: ${flag[0]} .*--kubeconfig.* \\[WEIR_USAGE\\]\n$`))
  }
})

test('no password is shown', async () => {
  const secret = 'p4ssw0rd'
  const mqtt = 'mq77'
  const { stderr } = await run({ user: { username: 'bench', password: mqtt } }, ['blue-green-v5'], {
    env: {
      ...{ WEIR_EMQX_API_KEY: 'emqx-operator-controller', WEIR_EMQX_API_SECRET: secret },
      ...{ WEIR_MQTT_USERNAME: 'bench', WEIR_MQTT_PASSWORD: mqtt },
    },
  })
  assert.match(stderr, /emqx-operator-controller/)
  assert.not.match(stderr, new RegExp(`${secret}|${mqtt}`))
})

test('a resource without rates is no reason for a scenario that expects none', async () => {
  const unset = emqx('emqx', { updateStrategy: undefined })
  const { stderr } = await run({ answers: { [EMQX]: json(unset), [EMQXES]: listOf(unset) } }, [
    'blue-green-v5-defaults',
  ])
  assert.match(stderr, /1000 connections and 1000 sessions per second/)
})

test.run()
