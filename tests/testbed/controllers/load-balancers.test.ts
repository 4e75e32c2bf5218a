/** The cloud's part of a testbed, against the emulated API server. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { type LoadBalancersOptions, startLoadBalancers } from '#weir/testbed/controllers/load-balancers.ts'
import { addressOfName, nameOf } from '#weir/testbed/runtime/address-names.ts'
import { type TestServer, testServer } from '../kubelet/support/api-server.ts'
import { eventually } from './harness.ts'

const CLASS = 'service.beta.kubernetes.io/alibaba-cloud-loadbalancer-spec'

let server: TestServer
let balancers: ReturnType<typeof startLoadBalancers> | undefined
let errors: string[] = []

async function begin(options: Partial<LoadBalancersOptions> = {}): Promise<void> {
  server = await testServer()
  errors = []
  balancers = startLoadBalancers(
    server.kube,
    { prefix: '127.3.8.', remakeSeconds: 0.05, ...options },
    (where, error) => errors.push(`${where}: ${error}`),
  )
  await balancers.ready
}
test.after.each(async () => {
  balancers?.stop()
  await server.close()
  assert.equal(errors, [])
})

const create = (name: string, annotations: Record<string, string> = {}) =>
  server.kube.create<Service>(resources.services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default', annotations },
    spec: { type: 'LoadBalancer', ports: [{ name: 'mqtt', port: 1883 }] },
  })
const change = (name: string, patch: object) =>
  server.kube.patch<Service>(resources.services, 'default', name, 'merge', patch)
const annotate = (name: string, annotations: Record<string, string | null>) =>
  change(name, { metadata: { annotations } })
const ingress = async (name: string) =>
  (await server.kube.get<Service>(resources.services, 'default', name)).status?.loadBalancer?.ingress ?? []
/** The hosts of a Service that has as many, and none of `not`. */
const hosts = (name: string, count = 1, not: string[] = []): Promise<string[]> =>
  eventually(async () => {
    const found = (await ingress(name)).map(({ ip, hostname }) => ip ?? hostname ?? '')
    return found.length === count && !found.some((host) => not.includes(host)) ? found : undefined
  }, `${count} addresses of ${name}`)

test('each load balancer gets an address of its own, and loses it with its type', async () => {
  await begin()
  await create('a')
  await create('b')
  const all = [...(await hosts('a')), ...(await hosts('b'))]
  assert.is(new Set(all).size, 2)
  for (const host of all) assert.match(host, /^127\.3\.8\.\d+$/)
  await change('a', { spec: { type: 'ClusterIP', ports: [{ name: 'mqtt', port: 1883, nodePort: null }] } })
  await hosts('a', 0)
  assert.equal(await ingress('b'), [{ ip: all[1], ipMode: 'VIP' }])
})

test('several addresses, or host names that need no DNS', async () => {
  await begin({ addresses: 3, hostname: true })
  await create('a')
  const found = await hosts('a', 3)
  assert.equal(found.map(addressOfName), ['127.3.8.2', '127.3.8.3', '127.3.8.4'])
  assert.is(nameOf('127.3.8.2'), '0x7f030802')
  assert.is(addressOfName('lb.example'), undefined)
})

test('annotations of the cloud make it anew with another address, which takes a moment; others do not', async () => {
  await begin()
  await create('a', { [CLASS]: 'slb.s1.small', note: 'x' })
  const first = await hosts('a')
  await annotate('a', { note: 'y' })
  await create('after')
  await hosts('after')
  assert.equal(await hosts('a'), first, 'kept')
  const seen: string[][] = []
  const watch = server.kube.watch<Service>(
    resources.services,
    { namespace: 'default' },
    {
      onList: () => {},
      onEvent: (_, { metadata, status }) => {
        if (metadata.name === 'a') seen.push((status?.loadBalancer?.ingress ?? []).map(({ ip = '' }) => ip))
      },
      onGap: () => {},
    },
  )
  await watch.ready
  await annotate('a', { [CLASS]: 'slb.s2.small' })
  const second = await hosts('a', 1, first)
  assert.ok(
    seen.some((one) => one.length === 0),
    `no moment without: ${JSON.stringify(seen)}`,
  )
  await annotate('a', { [CLASS]: 'slb.s1.small' })
  assert.equal((await hosts('a', 1, [...first, ...second])).length, 1, 'not the first again')
  watch.stop()
})

test('a Service that is deleted and made again gets another address', async () => {
  await begin()
  await create('a')
  const first = await hosts('a')
  await server.kube.delete(resources.services, 'default', 'a')
  await create('a')
  await hosts('a', 1, first)
})

test('without a cloud it is pending for ever', async () => {
  await begin({ pending: true })
  await create('a')
  await annotate('a', { [CLASS]: 'slb.s2.small' })
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.equal(await ingress('a'), [])
})

test.run()
