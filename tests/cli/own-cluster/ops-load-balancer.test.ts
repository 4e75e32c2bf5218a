/** Another number of connections behind a load balancer of a cluster of one's own: whether its address may change, and whether it did. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { PlanDocument } from '#weir/cli/own-cluster/plan-document.ts'
import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { weirProcess } from '../weir-process.ts'
import { holds, judgedGood } from './judged-good.ts'
import { startOwnCluster } from './own-cluster.ts'

const SPEC = 'service.beta.kubernetes.io/alibaba-cloud-loadbalancer-spec'

const own = await startOwnCluster(
  {
    scenario: 'connections-load-balancer-v5',
    set: ['cluster.manifest.spec.coreTemplate.spec.replicas=1'],
    resource: resources.emqxes,
  },
  { operator: '2.2.29', loadBalancer: { addresses: 2 } },
)
test.after(own.close)
const kubeconfig = await own.asWeir()
await own.settled()

const policy = join(own.dir, 'policy.yaml')
writeFileSync(
  policy,
  `loadBalancers:
  - { name: small, connections: { from: 10, to: 100 }, annotations: { ${SPEC}: slb.s1.small } }
  - { name: large, connections: { from: 100, to: 1000 }, annotations: { ${SPEC}: slb.s2.small } }
`,
)
let runs = 0
const connections = (...args: string[]) =>
  weirProcess([
    ...['ops', 'connections', ...args, '--out', join(own.dir, `run-${++runs}`)],
    ...['--kubeconfig', kubeconfig, '--yes'],
  ])
const read = () => own.admin.get<KubeObject>(resources.emqxes, 'default', own.name)
const service = () => own.admin.get<Service>(resources.services, 'default', `${own.name}-listeners`)
const hosts = async () => ((await service()).status?.loadBalancer?.ingress ?? []).map(({ ip = '' }) => ip)
while ((await hosts()).length < 2) await new Promise((resolve) => setTimeout(resolve, 100))

/** [what is asked, what is said] */
const REFUSED: [string[], RegExp][] = [
  [
    ['70'],
    /rule ip-change\): its Service is a LoadBalancer, whose address may change with the number of connections: add --accept-ip-change/,
  ],
  [
    ['200', '--policy', policy],
    /rule ip-change\): .* with 200 connections the rule "large" of loadBalancers matches in place of the rule "small", which changes .*alibaba-cloud-loadbalancer-spec: the address will probably change: add --accept-ip-change/,
  ],
]
for (const [args, words] of REFUSED)
  test(`ops connections ${args[0]} without --accept-ip-change is refused, and nothing is written`, async () => {
    const before = await read()
    const { code, stderr } = await connections(...args)
    assert.is(code, 6, stderr)
    assert.match(stderr, words)
    assert.is((await read()).metadata.resourceVersion, before.metadata.resourceVersion)
  })

test('the plan has the addresses, and says which rule matches', async () => {
  const { code, stdout, stderr } = await connections('90', '--policy', policy, '--dry-run', '--json')
  assert.is(code, 0, stderr)
  assert.match(
    stderr,
    /load balancer: with 90 connections it goes on to match the rule "small" of loadBalancers: the address stays/,
  )
  const { addresses } = JSON.parse(stdout) as PlanDocument
  const balanced = addresses!.filter(({ kind, name }) => kind === 'load-balancer' && name === 'tcp-default')
  assert.equal(
    balanced.map(({ service: of, host, port }) => [of, host, port]),
    (await hosts()).sort().map((host) => ['emqx-listeners', host, 1883]),
  )
})

test('where the rule stays no flag is needed, and the address is the same', async () => {
  const before = await hosts()
  const ended = await connections('90', '--policy', policy)
  judgedGood(ended)
  assert.match(ended.stdout, holds('addresses-kept', '3 Services kept their'))
  assert.match(ended.stdout, /^Addresses, as before:$/m)
  assert.match(
    ended.stdout,
    new RegExp(`^  emqx-listeners +tcp-default +${before[0]}:1883 \\(load balancer\\)$`, 'm'),
  )
  assert.equal(await hosts(), before)
})

test('an address that moves though the rule stays fails', async () => {
  const running = connections('95', '--policy', policy)
  const isAsked = async () => JSON.stringify((await read()).spec).includes('dynamic_max_connections = 95')
  while (!(await isAsked())) await new Promise((resolve) => setTimeout(resolve, 20))
  const patch = { metadata: { annotations: { [SPEC]: 'slb.s9.large' } } }
  await own.admin.patch(resources.services, 'default', `${own.name}-listeners`, 'merge', patch)
  const { code, stdout, stderr } = await running
  assert.is(code, 1, stderr)
  assert.match(stdout, /The load balancer of Service emqx-listeners changed from/)
})

test('with the flag the annotations of the new rule are the Service’s, and the verdict says what changed', async () => {
  const before = await hosts()
  const { metadata } = await read()
  const ended = await connections('200', '--policy', policy, '--accept-ip-change', '--clients', '20')
  judgedGood(ended)
  const { stdout, stderr } = ended
  assert.match(stderr, /"large" of loadBalancers matches in place of the rule "small"/)
  const after = await hosts()
  assert.not.equal(after, before)
  assert.is((await service()).metadata.annotations?.[SPEC], 'slb.s2.small')
  const now = await read()
  assert.is(now.metadata.annotations?.[SPEC], undefined, 'not of the resource itself')
  assert.is(now.metadata.generation, metadata.generation! + 1, 'one write')
  assert.match(
    stdout,
    holds('addresses-kept', 'As announced, the load balancer of Service emqx-listeners changed from'),
  )
  assert.match(stdout.replaceAll(/\s+/g, ' '), /20 clients were connected through it, and cut/)
  assert.match(stdout, /^Addresses, \d+ changed:$/m)
  assert.match(stdout, new RegExp(`${after[0]}:1883 \\(load balancer\\), was ${before[0]}:1883`))
})

test.run()
