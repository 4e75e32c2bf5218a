/** The network of a cluster of one's own, EMQX 5: guards, what the API server refuses, and each type in turn, with clients from outside that try it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { readRecord } from '#weir/record/index.ts'
import { weirProcess } from '../weir-process.ts'
import { holds, judgedGood } from './judged-good.ts'
import { startOwnCluster } from './own-cluster.ts'

const own = await startOwnCluster(
  {
    scenario: 'network-nodeport-v5',
    set: ['cluster.manifest.spec.coreTemplate.spec.replicas=1'],
    resource: resources.emqxes,
  },
  { operator: '2.2.29' },
)
test.after(own.close)
const kubeconfig = await own.asWeir()
await own.settled()

const OWN = `${own.name}-external`
const external = () => unlessGone(own.admin.get<Service>(resources.services, 'default', OWN))
let runs = 0
const ops = (...args: string[]) =>
  weirProcess([
    ...['ops', 'network', ...args],
    ...['--out', join(own.dir, `run-${++runs}`), '--kubeconfig', kubeconfig, '--yes'],
  ])
const TWO = ['--protocols', 'mqtt-tcp,mqtt-ssl']

const policyFile = (name: string, text: string) => {
  const file = join(own.dir, `${name}.yaml`)
  writeFileSync(file, text)
  return file
}
const ADOPTED = `clusters: [{ name: default/${own.name}, ownership: adopted }]`
const DOCKER = `clusters: [{ name: default/${own.name}, deployment: docker }]`

/** [what is asked, the exit code, what is said] */
const REFUSED: [string[], number, RegExp][] = [
  [['loadbalancer', ...TWO], 2, /a load balancer needs --annotations, '\{\}' for none/],
  [['nodeport', '--protocols', 'mqtt-sn'], 2, /"mqtt-sn" is none of the protocols/],
  [['clusterip'], 6, /rule no-change\): weir has made no Service for clients from outside/],
  ...[80, 29_999, 32_768].map((port): [string[], number, RegExp] => [
    ['nodeport', ...TWO, '--node-port', `mqtt-tcp=${port}`],
    6,
    /provided port is not in the valid range/,
  ]),
  [['nodeport', ...TWO, '--policy', policyFile('adopted', ADOPTED)], 6, /rule ownership/],
  [['nodeport', ...TWO, '--policy', policyFile('docker', DOCKER)], 6, /rule ownership/],
]

for (const [args, code, words] of REFUSED)
  test(`ops network ${args.join(' ')} is refused with ${code}, and nothing is written`, async () => {
    const ended = await ops(...args)
    assert.is(ended.code, code, ended.stderr)
    assert.match(ended.stderr, words)
    assert.is(await external(), undefined)
  })

test('a dry run shows the Service to the letter, and makes none', async () => {
  const { code, stderr } = await ops('nodeport', ...TWO, '--dry-run')
  assert.is(code, 0, stderr)
  assert.match(
    stderr,
    /weir makes Service default\/emqx-external so, which belongs to the resource and goes with it:/,
  )
  const shown = JSON.parse(/^ {2}(\{"apiVersion".*\})$/m.exec(stderr)![1]!) as Service
  assert.equal(
    shown.spec.ports?.map(({ name, port, targetPort }) => [name, port, targetPort]),
    [
      ['mqtt-tcp', 1883, 1883],
      ['mqtt-ssl', 8883, 8883],
    ],
  )
  assert.is(await external(), undefined)
})

test('a load balancer without annotations gets those of the policy, by the number of connections', async () => {
  const rules = (to: number) =>
    `loadBalancers: [{ name: small, connections: { from: 0, to: ${to} }, annotations: { size: small } }]`
  for (const [to, annotations] of [
    [1_000_000_000, { size: 'small' }],
    [1, {}],
  ] as const) {
    const policy = policyFile(`rules-${to}`, rules(to))
    const { code, stderr } = await ops('loadbalancer', ...TWO, '--policy', policy, '--dry-run')
    assert.is(code, 0, stderr)
    const shown = JSON.parse(/^ {2}(\{"apiVersion".*\})$/m.exec(stderr)![1]!) as Service
    const { 'weir/annotations': _keys, ...asked } = shown.metadata.annotations ?? {}
    assert.equal(asked, annotations)
  }
})

test('a node port that another Service has is refused', async () => {
  const taken = (nodePort: number) => ({
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'other', namespace: 'default' } },
    spec: { type: 'NodePort', ports: [{ port: 80, nodePort }] },
  })
  await own.admin.create(resources.services, taken(31_234))
  const { code, stderr } = await ops('nodeport', ...TWO, '--node-port', 'mqtt-tcp=31234')
  assert.is(code, 6, stderr)
  assert.match(stderr, /provided port is already allocated/)
  assert.is(await external(), undefined)
})

test('two listeners by node ports are reached from outside', async () => {
  const ended = await ops('nodeport', ...TWO)
  judgedGood(ended)
  assert.match(ended.stdout, holds('untouched', '1 pod ran on'))
  assert.match(ended.stdout, holds('exposure', 'Clients had a round trip of a message through'))
  assert.match(ended.stdout, holds('service-as-asked', 'Service emqx-external was of type NodePort'))
  const { spec, metadata } = (await external())!
  assert.is(spec.ports?.length, 2)
  assert.is(metadata.ownerReferences?.[0]?.name, own.name)
})

test('the same again is refused', async () => {
  const { code, stderr } = await ops('nodeport', ...TWO)
  assert.is(code, 6, stderr)
  assert.match(stderr, /rule no-change\): Service emqx-external is of type NodePort already/)
})

test('a load balancer at another port, with an annotation, takes its place', async () => {
  const args = ['--protocols', 'mqtt-wss', '--port', 'mqtt-wss=443', '--annotations', '{"a/b": "c"}']
  const ended = await ops('loadbalancer', ...args)
  judgedGood(ended)
  assert.match(ended.stdout, holds('exposure', 'through mqtt-wss at 1 address'))
  const { spec, metadata } = (await external())!
  assert.equal([spec.type, spec.ports?.map(({ port }) => port)], ['LoadBalancer', [443]])
  assert.is(metadata.annotations?.['a/b'], 'c')
})

test('its address does not go without a word', async () => {
  const { code, stderr } = await ops('clusterip')
  assert.is(code, 6, stderr)
  assert.match(stderr, /rule ip-change\): the address of the load balancer of Service emqx-external goes/)
})

test('back: nothing is reached any more, and the Service is gone', async () => {
  const ended = await ops('clusterip', '--accept-ip-change')
  judgedGood(ended)
  assert.match(ended.stdout, holds('exposure', 'None of'))
  assert.is(await external(), undefined)
  const { events } = await readRecord(join(own.dir, `run-${runs}`))
  assert.ok(events.some((event) => event.type === 'trial' && event.outcome === 'closed'))
})

test.run()
