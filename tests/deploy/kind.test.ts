/** kind-config.yaml and deploy/kind/: public images for people with a network. Nothing can be pulled here, so what can be known is checked. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { loadScenario } from '#weir/scenarios/index.ts'
import { projectFile } from '../support/project-file.ts'
import { harness, withHarness } from '../testbed/apiserver/harness.ts'

withHarness(test)

const textOf = (path: string) => readFileSync(projectFile(path), 'utf8')
const yaml = (path: string) => parse(textOf(path))
const script = textOf('deploy/kind/install.sh')

interface KindConfig {
  apiVersion: string
  kind: string
  name: string
  nodes: {
    role: string
    image: string
    extraPortMappings?: { containerPort: number; hostPort: number; listenAddress: string }[]
  }[]
}

test('the cluster has one control plane of a pinned image, and the NodePort of the scenarios on loopback', () => {
  const { apiVersion, kind, nodes } = yaml('kind-config.yaml') as KindConfig
  assert.equal([apiVersion, kind], ['kind.x-k8s.io/v1alpha4', 'Cluster'])
  assert.equal(
    nodes.filter(({ role }) => role === 'control-plane').length,
    1,
    'kind puts a load balancer in front of several',
  )
  for (const { image } of nodes) assert.match(image, /^kindest\/node:v1\.34\.\d+@sha256:[0-9a-f]{64}$/)
  const ports = nodes.flatMap(({ extraPortMappings = [] }) => extraPortMappings)
  assert.ok(ports.some(({ containerPort, hostPort }) => containerPort === 32010 && hostPort === 32010))
  for (const { hostPort, listenAddress } of ports) {
    assert.is(listenAddress, '127.0.0.1')
    assert.ok(hostPort < 32768, `${hostPort} may be in use as an ephemeral port`)
  }
})

test('workers are a matter of taking the comment signs away', () => {
  const text = textOf('kind-config.yaml').replace(/^ {2}# (- role: worker| {2}image: )/gm, '  $1')
  const { nodes } = parse(text) as KindConfig
  assert.equal(
    nodes.map(({ role }) => role),
    ['control-plane', 'worker'],
  )
  assert.is(nodes[1]?.image, nodes[0]?.image)
})

test('every chart has a version, and the script is one that bash reads', () => {
  const commands = script.replaceAll('\\\n', ' ').split('\n')
  const charts = commands.filter((line) => line.startsWith('helm '))
  assert.is(charts.length, 3)
  for (const line of charts) {
    assert.match(line, / --version v?\d+\.\d+\.\d+ /, line)
    assert.match(line, / --repo https:\/\//, line)
  }
  assert.match(script, /emqx-operator --repo .* --version 2\.2\.29 /)
  assert.is(spawnSync('bash', ['-n', fileURLToPath(projectFile('deploy/kind/install.sh'))]).status, 0)
})

test('the script uses every file beside it', () => {
  const files = readdirSync(projectFile('deploy/kind')).filter((name) => name !== 'install.sh')
  for (const name of files) assert.ok(script.includes(name), `${name} is not used`)
})

test('the resource is that of the scenario blue-green-v5', () => {
  const manifest = loadScenario('blue-green-v5').cluster.manifest as { spec: unknown }
  assert.equal(yaml('deploy/kind/emqx.yaml').spec, manifest.spec)
})

test('the PodMonitor selects the pods of that resource and the Secret', () => {
  const { spec } = yaml('deploy/kind/pod-monitor.yaml')
  assert.equal(spec.selector.matchLabels, {
    'apps.emqx.io/instance': yaml('deploy/kind/emqx.yaml').metadata.name,
  })
  const secret = yaml('deploy/kind/secret.yaml')
  for (const { name, key } of Object.values<{ name: string; key: string }>(
    spec.podMetricsEndpoints[0].basicAuth,
  )) {
    assert.is(name, secret.metadata.name)
    assert.ok(secret.stringData[key])
  }
})

/** The operator's own definition. It converts between versions by webhook, which has no place here. */
function definition(file: string) {
  const object = parse(
    gunzipSync(readFileSync(projectFile(`tests/fixtures/crds/${file}.yaml.gz`))).toString(),
  )
  delete object.spec.conversion
  return object
}

for (const [file, resource, plural] of [
  ['emqxes-2.2.29', 'deploy/kind/emqx.yaml', 'v2beta1/namespaces/default/emqxes'],
  ['emqxenterprises-2.2.29', 'deploy/emqx.yaml', 'v1beta4/namespaces/default/emqxenterprises'],
  ['emqxenterprises-2.1.2', 'deploy/emqx.yaml', 'v1beta4/namespaces/default/emqxenterprises'],
] as const)
  test(`the operator's own definition ${file} takes ${resource} whole`, async () => {
    const { ask } = harness
    const made = await ask(
      'POST',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      definition(file),
    )
    assert.is(made.status, 201, JSON.stringify(made.body))
    const answer = await ask('POST', `/apis/apps.emqx.io/${plural}?fieldValidation=Strict`, yaml(resource))
    assert.is(answer.status, 201, JSON.stringify(answer.body))
  })

test.run()
