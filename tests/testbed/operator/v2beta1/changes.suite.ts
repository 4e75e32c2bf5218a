import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { ConfigMap, Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { at, parseHocon } from '#weir/facts/hocon.ts'
import { LAST_CONFIG } from '#weir/testbed/operator/emqx5/names.ts'
import type { Emqx } from '#weir/testbed/operator/v2beta1/types.ts'
import { until } from '../listen.ts'
import type { Request } from '../trace.ts'
import { type Deployed, emulated, type Plan } from './emulated.ts'

/** What changes without any new pod (docs/contract/operator.md#v2beta1-configuration). */
interface Findings {
  podsBefore: string[]
  podsAfter: string[]
  /** Conditions of every status since the first change. */
  conditions: Set<string | undefined>
  puts: Request[]
  configMap: ConfigMap
  ports: { before: Service; changed: Service; balanced: Service }
  invalid: KubeObject[]
  requestsWhileInvalid: number
  leftBehind: string[]
  ownedBefore: boolean
}

const DATA = 'mqtt.max_topic_levels = 9'

const plan: Plan = {
  cores: 1,
  delaySeconds: 1,
  waitTakeoverSeconds: 1,
  rate: 10,
  healthCheckWaitSeconds: 1,
  isImpatient: true,
}

const names = (cluster: Deployed) =>
  cluster
    .pods()
    .map(({ metadata }) => `${metadata.name} ${metadata.uid}`)
    .sort()

async function work(cluster: Deployed): Promise<Findings> {
  const { kube, latest, requests, watch } = cluster
  const patch = (spec: object) => kube.patch<Emqx>(resources.emqxes, 'default', 'emqx', 'merge', { spec })
  const configs = () => kube.get<ConfigMap>(resources.configMaps, 'default', 'emqx-configs')
  const service = () => latest.get('Service/emqx-listeners') as Service
  const podsBefore = names(cluster)
  const before = service()
  const ownedBefore = (await configs()).metadata.ownerReferences !== undefined
  const from = watch.length

  await patch({ config: { data: DATA } })
  await until(
    'the note of the configuration',
    () => cluster.cr()?.metadata.annotations?.[LAST_CONFIG] === DATA,
  )
  const configMap = await configs()

  const [port] = before.spec.ports ?? []
  const extra = { name: 'extra', port: 11883, targetPort: 1883, protocol: 'TCP' }
  await patch({ listenersServiceTemplate: { spec: { ports: [port, extra] } } })
  await until('the new port', () => service().spec.ports?.some(({ name }) => name === 'extra') === true)
  const changed = service()
  await patch({ listenersServiceTemplate: { spec: { type: 'LoadBalancer' } } })
  await until('the load balancer', () => service().spec.type === 'LoadBalancer')
  const balanced = service()
  const puts = requests.filter(({ method }) => method === 'PUT')
  const seen = watch.slice(from).filter(({ kind }) => kind === 'CR')
  const conditions = new Set(seen.map(({ object }) => (object as Emqx).status?.conditions?.[0]?.type))

  const events = () =>
    [...latest.values()].filter((object) => object.kind === 'Event' && object.reason === 'InvalidConfig')
  await cluster.idle()
  const asked = requests.length
  await patch({ config: { data: 'mqtt {' } })
  await until('a complaint', () => events().length > 0)
  const invalid = events()
  const requestsWhileInvalid = requests.length - asked
  const podsAfter = names(cluster)
  await cluster.remove()
  const { items } = await kube.list(resources.configMaps, { namespace: 'default' })
  return {
    podsBefore,
    podsAfter,
    conditions,
    puts,
    configMap,
    ports: { before, changed, balanced },
    invalid,
    requestsWhileInvalid,
    leftBehind: items.map(({ metadata }) => metadata.name),
    ownedBefore,
  }
}

async function run(): Promise<Findings> {
  let findings: Findings | undefined
  await emulated(plan, async (cluster) => {
    findings = await work(cluster)
  })
  return findings!
}

const done = run()
// Told by the suite, which may begin later.
done.catch(() => {})

const test = suite<{ found: Findings }>('v2beta1 changes in place', { found: undefined as never })
test.before(async (context) => {
  context.found = await done
})

test('a changed configuration is one PUT, of the whole of it, and nothing else happens', ({ found }) => {
  assert.equal(
    found.puts.map(({ method, path, status }) => `${method} ${path} ${status}`),
    ['PUT /api/v5/configs?mode=merge&ignore_readonly=true 200'],
  )
  const told = parseHocon(found.puts[0]?.body ?? '')
  assert.is(at(told, 'mqtt', 'max_topic_levels'), '9')
  for (const [listener, bind] of Object.entries({ tcp: '1883', ssl: '8883', ws: '8083', wss: '8084' }))
    assert.is(at(told, 'listeners', listener, 'default', 'bind'), bind)
  assert.equal([...found.conditions], ['Ready'])
  assert.equal(found.podsAfter, found.podsBefore)
})

test('the ConfigMap follows, loses its owner and outlives the resource', ({ found }) => {
  assert.ok(found.ownedBefore)
  assert.is(at(parseHocon(found.configMap.data!['emqx.conf'] ?? ''), 'mqtt', 'max_topic_levels'), '9')
  assert.is(found.configMap.metadata.ownerReferences, undefined)
  assert.equal(found.leftBehind, ['emqx-configs'])
})

test('the Service is changed in place: ports keep their numbers by name', ({ found }) => {
  const { before, changed, balanced } = found.ports
  const numbers = ({ spec }: Service) => new Map(spec.ports?.map(({ name, nodePort }) => [name, nodePort]))
  for (const [name, nodePort] of numbers(before)) {
    assert.is(numbers(changed).get(name), nodePort)
    assert.is(numbers(balanced).get(name), nodePort)
  }
  assert.ok((numbers(changed).get('extra') ?? 0) > 0)
  assert.is(changed.metadata.uid, before.metadata.uid)
  assert.is(changed.spec.clusterIP, before.spec.clusterIP)
})

test('a configuration that is none stops the operator before it does anything', ({ found }) => {
  assert.match(String(found.invalid[0]?.message), /no } follows/)
  assert.is(found.requestsWhileInvalid, 0)
})

test.run()
