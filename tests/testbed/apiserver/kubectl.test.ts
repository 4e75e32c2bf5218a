import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse, stringify } from 'yaml'
import { has, testWith } from '../../support/programs.ts'
import { projectFile } from '../../support/project-file.ts'
import { eventually, type Harness, podOf, startHarness } from './harness.ts'

const FIXTURES = projectFile('tests/fixtures/crds/')
const BASE = new URL('00-base-bluegreen-nodeport.yaml', FIXTURES)

const check = testWith('kubectl')

let harness: Harness | undefined
/** kubectl keeps what it discovers in its home. */
let home: string

test.before(async () => {
  if (!has('kubectl')) return
  harness = await startHarness()
  home = mkdtempSync(join(tmpdir(), 'weir-kubectl-'))
  const text = gunzipSync(readFileSync(new URL('emqxenterprises-2.1.2.yaml.gz', FIXTURES))).toString()
  const definition = parse(text)
  delete definition.spec.conversion
  writeFileSync(join(home, 'crd.yaml'), stringify(definition))
})
test.after(async () => {
  if (!has('kubectl')) return
  await harness?.close()
  rmSync(home, { recursive: true })
})

const environment = () => ({ ...process.env, HOME: home, KUBECONFIG: harness!.kubeconfigPath })

/** What kubectl printed, or threw: the error carries its stderr. */
async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('kubectl', args, { env: environment() })
  return stdout
}

async function refusal(...args: string[]): Promise<string> {
  try {
    await kubectl(...args)
  } catch (error) {
    return (error as { stderr: string }).stderr
  }
  throw new Error(`kubectl ${args.join(' ')} was not refused`)
}

const base = BASE.pathname

test('the kubeconfig names a TLS address: kubectl sends no token over plain HTTP', async () => {
  const own = harness ?? (await startHarness())
  const { clusters, users } = parse(readFileSync(own.kubeconfigPath, 'utf8'))
  assert.match(clusters[0].cluster.server, /^https:\/\/127\.0\.0\.1:\d+$/)
  assert.match(
    Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64').toString(),
    /^-----BEGIN CERTIFICATE-----\n/,
  )
  assert.ok(users[0].user.token)
  if (own !== harness) await own.close()
})

check('create, apply and get a custom resource', async () => {
  await kubectl('create', '-f', join(home, 'crd.yaml'))
  await kubectl('wait', '--for=condition=Established', 'crd/emqxenterprises.apps.emqx.io', '--timeout=30s')
  assert.match(await kubectl('apply', '-f', base), /emqxenterprise.apps.emqx.io\/emqx-ee created/)
  assert.match(await kubectl('apply', '-f', base), /emqx-ee (configured|unchanged)/)
  assert.match(await kubectl('get', 'emqxenterprise'), /^NAME +STATUS +AGE\nemqx-ee +\d+s\n$/)
  assert.match(await kubectl('apply', '--dry-run=server', '-f', base), /server dry run/)
})

check('patch, and be told what is wrong', async () => {
  const patch = (spec: object) => [
    'patch',
    'emqxenterprise',
    'emqx-ee',
    '--type=merge',
    '-p',
    JSON.stringify({ spec }),
  ]
  await kubectl(...patch({ replicas: 4 }))
  assert.is(
    await kubectl(
      'get',
      'emqxenterprise',
      'emqx-ee',
      '-o',
      'jsonpath={.spec.replicas}/{.metadata.generation}',
    ),
    '4/2',
  )
  const evacuationStrategy = { connEvictRate: 0 }
  assert.match(
    await refusal(...patch({ blueGreenUpdate: { evacuationStrategy } })),
    /The EmqxEnterprise "emqx-ee" is invalid: .*connEvictRate.*should be greater than or equal to 1/,
  )
  assert.match(
    await refusal('get', 'pods', 'nobody'),
    /Error from server \(NotFound\): pods "nobody" not found/,
  )
})

check('scale, describe and delete', async () => {
  await kubectl('scale', 'emqxenterprise', 'emqx-ee', '--replicas=5')
  assert.match(await kubectl('describe', 'emqxenterprise', 'emqx-ee'), /Replicas: +5/)
  await kubectl('delete', 'emqxenterprise', 'emqx-ee')
  assert.match(await refusal('get', 'emqxenterprise', 'emqx-ee'), /NotFound/)
})

check('pods, services and events, as tables', async () => {
  await harness!.ask('POST', '/api/v1/namespaces/default/pods', podOf('shown', 'hollow'))
  await harness!.ask('POST', '/api/v1/namespaces/default/services', {
    metadata: { name: 'ee' },
    spec: { type: 'NodePort', ports: [{ name: 'mqtt', port: 1883, nodePort: 32_010 }] },
  })
  await harness!.ask('POST', '/api/v1/namespaces/default/events', {
    metadata: { name: 'shown.1' },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'shown', namespace: 'default' },
    type: 'Normal',
    reason: 'Scheduled',
    message: 'Successfully assigned default/shown to hollow',
    lastTimestamp: new Date().toISOString(),
  })
  const shown = await kubectl('get', 'pods,svc,events')
  assert.match(shown, /pod\/shown +0\/1 +Pending +0 +\d+s/)
  assert.match(shown, /service\/ee +NodePort +127\.3\.7\.\d+ +<none> +1883:32010\/TCP +\d+s/)
  assert.match(shown, /Normal +Scheduled +pod\/shown +Successfully assigned default\/shown to hollow/)
  assert.match(
    await kubectl('get', 'pods', '-o', 'wide'),
    /NODE +NOMINATED NODE +READINESS GATES\nshown .* hollow/,
  )
  assert.match(await kubectl('describe', 'pod', 'shown'), /Image: +emqx\/emqx-ee:4\.4\.14/)
  assert.match(await kubectl('describe', 'service', 'ee'), /NodePort: +mqtt +32010\/TCP/)
})

check('a strategic patch of a service keeps its node port', async () => {
  await kubectl('patch', 'svc', 'ee', '-p', '{"spec":{"ports":[{"port":1883,"targetPort":1884}]}}')
  assert.is(
    await kubectl('get', 'svc', 'ee', '-o', 'jsonpath={.spec.ports[0].nodePort}:{.spec.ports[0].targetPort}'),
    '32010:1884',
  )
})

check('get -w shows what happens while it watches', async () => {
  const child = spawn('kubectl', ['get', 'pods', '-w'], { env: environment() })
  let shown = ''
  child.stdout.on('data', (chunk) => {
    shown += chunk
  })
  const ended = new Promise((resolve) => child.on('close', resolve))
  try {
    await eventually(() => (/shown/.test(shown) ? true : undefined), 'the listing')
    const path = '/api/v1/namespaces/default/pods/shown'
    await harness!.ask(
      'PATCH',
      `${path}/status`,
      { status: { phase: 'Running' } },
      { 'content-type': 'application/merge-patch+json' },
    )
    await eventually(() => (/shown +0\/1 +Running/.test(shown) ? true : undefined), 'the change')
    await harness!.ask('DELETE', path)
    await eventually(() => (/shown +0\/1 +Terminating/.test(shown) ? true : undefined), 'the deletion')
    assert.is(shown.match(/NAME/g)!.length, 1, 'headers are printed once')
  } finally {
    child.kill()
    await ended
  }
})

check('create namespaces, config maps and secrets, and ask for permission', async () => {
  await kubectl('create', 'namespace', 'other')
  await kubectl('create', 'configmap', 'cm', '--from-literal=a=b', '-n', 'other')
  await kubectl('create', 'secret', 'generic', 's', '--from-literal=a=b', '-n', 'other')
  assert.is(await kubectl('get', 'cm', 'cm', '-n', 'other', '-o', 'jsonpath={.data.a}'), 'b')
  assert.is(await kubectl('get', 'secret', 's', '-n', 'other', '-o', 'jsonpath={.data.a}'), 'Yg==')
  assert.match(await kubectl('auth', 'can-i', 'delete', 'pods'), /yes/)
  await kubectl('delete', 'namespace', 'other')
  assert.match(await refusal('get', 'namespace', 'other'), /NotFound/)
})

check('make a ServiceAccount, a role for it and a token, and ask what it may', async () => {
  await kubectl('create', 'namespace', 'weir')
  await kubectl('create', 'serviceaccount', 'weir', '-n', 'weir')
  await kubectl('create', 'role', 'r', '-n', 'weir', '--verb=get,list', '--resource=pods,pods/proxy')
  await kubectl('create', 'rolebinding', 'r', '-n', 'weir', '--role=r', '--serviceaccount=weir:weir')
  await kubectl('create', 'clusterrole', 'n', '--verb=get', '--non-resource-url=/metrics')
  await kubectl('create', 'clusterrolebinding', 'n', '--clusterrole=n', '--serviceaccount=weir:weir')
  const as = '--as=system:serviceaccount:weir:weir'
  const mayI = async (...what: string[]) => {
    const asked = ['auth', 'can-i', ...what, '-n', 'weir', as]
    try {
      return (await kubectl(...asked)).trim()
    } catch (error) {
      return (error as { stdout: string }).stdout.trim()
    }
  }
  assert.is(await mayI('list', 'pods'), 'yes')
  assert.is(await mayI('get', 'pods', '--subresource=proxy'), 'yes')
  assert.is(await mayI('get', '/metrics'), 'yes')
  assert.is(await mayI('delete', 'pods'), 'no')
  assert.is(await mayI('get', '/logs'), 'no')
  assert.match(await mayI('--list'), /pods\/proxy +\[\] +\[\] +\[get list\]/)
  const own = join(home, 'weir')
  const token = (await kubectl('create', 'token', 'weir', '-n', 'weir', '--duration=2h')).trim()
  writeFileSync(own, harness!.server.kubeconfigFor(token, 'weir'))
  assert.match(await kubectl('--kubeconfig', own, 'get', 'pods'), /^$/)
  assert.match(
    await refusal('--kubeconfig', own, 'get', 'services'),
    /Error from server \(Forbidden\): services is forbidden: User "system:serviceaccount:weir:weir" cannot list resource "services" in API group "" in the namespace "weir"/,
  )
  assert.match(
    await kubectl('get', 'clusterrolebinding', 'n', '-o', 'wide'),
    /ROLE +AGE +USERS +GROUPS +SERVICEACCOUNTS\nn +ClusterRole\/n +\d+s +weir\/weir/,
  )
})

check('kubectl apply --server-side creates, says who owns what, and takes it over by force', async () => {
  const file = join(home, 'map.yaml')
  const write = (x: string) =>
    writeFileSync(
      file,
      stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ssa' }, data: { x } }),
    )
  const apply = ['apply', '--server-side', '--validate=false', '-f', file]
  write('1')
  assert.match(await kubectl(...apply), /configmap\/ssa serverside-applied/)
  write('2')
  const other = [...apply, '--field-manager=other']
  assert.match(await refusal(...other), /conflict with "kubectl": \.data\.x/)
  assert.match(await kubectl(...other, '--force-conflicts'), /serverside-applied/)
  assert.is(await kubectl('get', 'configmap', 'ssa', '-o', 'jsonpath={.data.x}'), '2')
})

test.run()
