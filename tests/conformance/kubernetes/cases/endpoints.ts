import * as assert from 'uvu/assert'
import { type Cases, MERGE, refused, type World } from '../world.ts'
import { type Pod, podSpec, run } from './pods.ts'

const LABELS = { app: 'web' }
const SLICES = 'discovery.k8s.io/v1/endpointslices'

const service = (spec: object = {}, name = 'web') => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, labels: { own: 'yes' } },
  spec: { selector: LABELS, ports: [{ name: 'web', port: 8080, targetPort: 'web' }], ...spec },
})

async function pod(world: World, name: string, { isReady = true, spec = {} } = {}): Promise<Pod> {
  await world.create('pods', { metadata: { name, labels: LABELS }, spec: { ...podSpec(), ...spec } })
  return run(world, name, isReady)
}

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON that the cases pick apart.
type Slice = any

/** The one slice of the Service, once it is as wished. */
const slice = (world: World, what: string, isSo: (slice: Slice) => boolean, name = 'web'): Promise<Slice> =>
  world.eventually(what, async () => {
    const { items } = await world.read(
      `${world.path(SLICES)}?labelSelector=kubernetes.io%2Fservice-name%3D${name}`,
    )
    return items.length === 1 && isSo(items[0]) && items[0]
  })

const count = (number: number) => (one: Slice) => (one.endpoints ?? []).length === number

/** Services, their addresses, and who serves them. */
export const endpointCases: Cases = {
  'a Service gets an address of its own, and keeps it': async (world) => {
    const { spec, status } = await world.create('services', service())
    assert.is(spec.type, 'ClusterIP')
    assert.match(spec.clusterIP, /^\d+\.\d+\.\d+\.\d+$/)
    assert.equal(spec.clusterIPs, [spec.clusterIP])
    assert.equal(spec.ipFamilies, ['IPv4'])
    assert.is(spec.ipFamilyPolicy, 'SingleStack')
    assert.is(spec.sessionAffinity, 'None')
    assert.is(spec.internalTrafficPolicy, 'Cluster')
    assert.equal(spec.ports, [{ name: 'web', protocol: 'TCP', port: 8080, targetPort: 'web' }])
    assert.equal(status, { loadBalancer: {} })
    const answer = await world.ask(
      'PATCH',
      world.path('services', 'web'),
      { spec: { clusterIP: '10.96.200.200', clusterIPs: ['10.96.200.200'] } },
      { headers: MERGE },
    )
    refused(answer, 422, 'Invalid', /spec\.clusterIPs\[0\]: Invalid value: .*: may not change once set/)
  },

  'a Service of type NodePort gets a port, and keeps the one that it names': async (world) => {
    const { spec } = await world.create('services', service({ type: 'NodePort' }))
    const { nodePort } = spec.ports[0]
    assert.ok(nodePort >= 30_000 && nodePort <= 32_767)
    assert.is(spec.externalTrafficPolicy, 'Cluster')
    const taken = await world.ask(
      'POST',
      world.path('services'),
      service({ type: 'NodePort', ports: [{ name: 'web', port: 1, nodePort }] }, 'other'),
    )
    refused(
      taken,
      422,
      'Invalid',
      `Service "other" is invalid: spec.ports[0].nodePort: Invalid value: ${nodePort}: provided port is already allocated`,
    )
    await world.remove(world.path('services', 'web'))
    const free = await world.create(
      'services',
      service({ type: 'NodePort', ports: [{ name: 'web', port: 1, nodePort }] }, 'other'),
    )
    assert.is(free.spec.ports[0].nodePort, nodePort)
    const back = await world.patch(world.path('services', 'other'), { spec: { type: 'ClusterIP' } })
    assert.is(back.spec.ports[0].nodePort, undefined)
  },

  'a port out of the range of nodes is refused': async (world) => {
    const answer = await world.ask(
      'POST',
      world.path('services'),
      service({ type: 'NodePort', ports: [{ port: 1, nodePort: 80 }] }),
    )
    refused(
      answer,
      422,
      'Invalid',
      'Service "web" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
    )
  },

  'several ports need names': async (world) => {
    const answer = await world.ask(
      'POST',
      world.path('services'),
      service({ ports: [{ port: 1 }, { port: 2 }] }),
    )
    refused(
      answer,
      422,
      'Invalid',
      'Service "web" is invalid: [spec.ports[0].name: Required value, spec.ports[1].name: Required value]',
    )
  },

  'a ready pod is an endpoint': async (world) => {
    await world.create('services', service())
    const { metadata, status } = await pod(world, 'one')
    const one = await slice(world, 'one endpoint', count(1))
    assert.is(one.addressType, 'IPv4')
    assert.match(one.metadata.name, /^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
    assert.is(
      one.metadata.labels['endpointslice.kubernetes.io/managed-by'],
      'endpointslice-controller.k8s.io',
    )
    assert.is(one.metadata.labels['kubernetes.io/service-name'], 'web')
    assert.is(one.metadata.labels.own, 'yes')
    assert.is(one.metadata.ownerReferences[0].name, 'web')
    assert.equal(one.ports, [{ name: 'web', port: 80, protocol: 'TCP' }])
    assert.equal(one.endpoints, [
      {
        addresses: [status.podIP],
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: 'somewhere',
        targetRef: { kind: 'Pod', namespace: world.namespace, name: 'one', uid: metadata.uid },
      },
    ])
    const endpoints = await world.eventually('the Endpoints', async () => {
      const { status, body } = await world.get(world.path('endpoints', 'web'))
      return status === 200 && body.subsets?.length === 1 && body
    })
    assert.equal(endpoints.subsets, [
      {
        addresses: [
          {
            ip: status.podIP,
            nodeName: 'somewhere',
            targetRef: { kind: 'Pod', namespace: world.namespace, name: 'one', uid: metadata.uid },
          },
        ],
        ports: [{ name: 'web', port: 80, protocol: 'TCP' }],
      },
    ])
  },

  'a pod that is not ready is in the slice, and not among the addresses': async (world) => {
    await world.create('services', service())
    await pod(world, 'one', { isReady: false })
    const one = await slice(world, 'one endpoint', count(1))
    assert.equal(one.endpoints[0].conditions, { ready: false, serving: false, terminating: false })
    const { subsets } = await world.eventually('the Endpoints', async () => {
      const { status, body } = await world.get(world.path('endpoints', 'web'))
      return status === 200 && body.subsets?.[0]?.notReadyAddresses && body
    })
    assert.is(subsets[0].addresses, undefined)
    await run(world, 'one')
    await slice(world, 'it is ready', ({ endpoints }) => endpoints[0].conditions.ready)
  },

  'a Service may publish pods that are not ready': async (world) => {
    await world.create('services', service({ publishNotReadyAddresses: true }))
    await pod(world, 'one', { isReady: false })
    const one = await slice(world, 'one endpoint', count(1))
    assert.equal(one.endpoints[0].conditions, { ready: true, serving: false, terminating: false })
  },

  'a pod that is deleted is terminating, and then gone': async (world) => {
    await world.create('services', service())
    await pod(world, 'one', { spec: { terminationGracePeriodSeconds: 30 } })
    await slice(world, 'one endpoint', count(1))
    await world.remove(world.path('pods', 'one'))
    const going = await slice(
      world,
      'it is terminating',
      ({ endpoints }) => endpoints?.[0]?.conditions.terminating,
    )
    assert.equal(going.endpoints[0].conditions, { ready: false, serving: true, terminating: true })
    await world.remove(world.path('pods', 'one'), { gracePeriodSeconds: 0 })
    await slice(world, 'it is gone', count(0))
  },

  'a changed selector changes who serves': async (world) => {
    await world.create('services', service())
    await pod(world, 'one')
    await slice(world, 'one endpoint', count(1))
    await world.patch(world.path('services', 'web'), { spec: { selector: { app: 'other' } } })
    await slice(world, 'no endpoint', count(0))
    await world.patch(world.path('pods', 'one'), { metadata: { labels: { app: 'other' } } })
    await slice(world, 'one endpoint again', count(1))
  },

  'a pod with a readiness gate serves when its condition is true': async (world) => {
    await world.create('services', service())
    await pod(world, 'one', {
      isReady: false,
      spec: { readinessGates: [{ conditionType: 'example.com/serve' }] },
    })
    await slice(world, 'one endpoint', ({ endpoints }) => endpoints?.[0]?.conditions.ready === false)
    await run(world, 'one')
    await slice(world, 'it is ready', ({ endpoints }) => endpoints[0].conditions.ready)
  },

  'a headless Service has no address, and its endpoints have names': async (world) => {
    const { spec } = await world.create('services', service({ clusterIP: 'None' }))
    assert.is(spec.clusterIP, 'None')
    await pod(world, 'one', { spec: { hostname: 'first', subdomain: 'web' } })
    const one = await slice(world, 'one endpoint', count(1))
    assert.is(one.endpoints[0].hostname, 'first')
    assert.is(one.metadata.labels['service.kubernetes.io/headless'], '')
  },

  'slices go with their Service': async (world) => {
    await world.create('services', service())
    await pod(world, 'one')
    await slice(world, 'one endpoint', count(1))
    await world.remove(world.path('services', 'web'))
    await world.eventually(
      'the slices to go',
      async () => (await world.read(`${world.path(SLICES)}`)).items.length === 0,
    )
    await world.gone(world.path('endpoints', 'web'))
  },
}
