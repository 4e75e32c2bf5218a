import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EndpointSlice, Endpoints, Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { type Cluster, eventually, isUp, startCluster, statefulSet } from './harness.ts'

let cluster: Cluster
const start = async (faults: string[] = []) => {
  cluster = await startCluster(faults)
}
test.after.each(async () => {
  await cluster.close()
  assert.equal(cluster.errors, [])
})

type Spec = Partial<Service['spec']>
const service = (name: string, spec: Spec): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default', labels: { app: 'emqx' } },
  spec: { ports: [{ name: 'mqtt', port: 1883 }], ...spec },
})
const create = (spec: Spec, name = 'ee') => cluster.kube.create(resources.services, service(name, spec))
const endpointsOf = (name = 'ee') => cluster.kube.get<Endpoints>(resources.endpoints, 'default', name)
const slicesOf = async (name = 'ee') => {
  const labelSelector = `kubernetes.io/service-name=${name}`
  return (
    await cluster.kube.list<EndpointSlice>(resources.endpointSlices, { namespace: 'default', labelSelector })
  ).items
}
const names = (endpoints: Endpoints) =>
  (endpoints.subsets ?? [])
    .flatMap((subset) => (subset.addresses ?? []).map((address) => address.targetRef!.name))
    .sort()

async function serves(wanted: string[], name = 'ee'): Promise<Endpoints> {
  await eventually(async () => {
    const slices = await slicesOf(name).catch(() => [])
    const ready = slices.flatMap((slice) => (slice.endpoints ?? []).filter((each) => each.conditions!.ready))
    const found = ready.map((endpoint) => endpoint.targetRef!.name).sort()
    return JSON.stringify(found) === JSON.stringify(wanted) ? true : undefined
  }, `slices to hold ${wanted}`)
  return eventually(async () => {
    const endpoints = await endpointsOf(name).catch(() => undefined)
    return endpoints && JSON.stringify(names(endpoints)) === JSON.stringify(wanted) ? endpoints : undefined
  }, `endpoints to be ${wanted}`)
}

async function upSet(name: string, replicas: number) {
  await cluster.kube.create(resources.statefulSets, statefulSet(name, replicas))
  await cluster.settled(name, isUp(replicas), `${name} up`)
}

test('ready pods of the selector become addresses, shaped as recorded', async () => {
  await start()
  await upSet('blue', 2)
  await create({ type: 'NodePort', selector: { set: 'blue' } })
  const endpoints = await serves(['blue-0', 'blue-1'])
  assert.equal(endpoints.metadata.labels, {
    app: 'emqx',
    'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
  })
  assert.match(endpoints.metadata.annotations!['endpoints.kubernetes.io/last-change-trigger-time']!, /Z$/)
  const [subset] = endpoints.subsets!
  assert.equal(subset!.ports, [{ name: 'mqtt', port: 1883, protocol: 'TCP' }])
  const [address] = subset!.addresses!
  const pod = (await cluster.pods()).find(({ metadata }) => metadata.name === address!.targetRef!.name)!
  assert.equal(address, {
    ip: pod.status!.podIP!,
    nodeName: 'hollow',
    targetRef: { kind: 'Pod', name: pod.metadata.name, namespace: 'default', uid: pod.metadata.uid! },
  })
  const [slice] = await slicesOf()
  assert.is(slice!.metadata.generateName, 'ee-')
  assert.is(
    slice!.metadata.labels!['endpointslice.kubernetes.io/managed-by'],
    'endpointslice-controller.k8s.io',
  )
  assert.is(slice!.metadata.ownerReferences![0]!.kind, 'Service')
  assert.equal(slice!.endpoints![0]!.conditions, { ready: true, serving: true, terminating: false })
  assert.equal(slice!.ports, [{ name: 'mqtt', port: 1883, protocol: 'TCP' }])
})

test('a selector that changes switches all endpoints in one write', async () => {
  await start()
  await upSet('blue', 2)
  await upSet('green', 2)
  await create({ type: 'NodePort', selector: { set: 'blue' } })
  await serves(['blue-0', 'blue-1'])
  await cluster.kube.patch(resources.services, 'default', 'ee', 'merge', {
    spec: { selector: { set: 'green' } },
  })
  await serves(['green-0', 'green-1'])
  const written = cluster.changes('Endpoints').map(({ object }) => names(object as Endpoints).join())
  assert.equal(written, ['blue-0,blue-1', 'green-0,green-1'])
  const ready = (object: EndpointSlice) =>
    (object.endpoints ?? [])
      .map((each) => each.targetRef!.name)
      .sort()
      .join()
  const slices = cluster
    .changes('EndpointSlice')
    .map(({ object }) => ready(object as unknown as EndpointSlice))
  assert.equal(slices, ['blue-0,blue-1', 'green-0,green-1'])
})

test('a service that nobody answers has Endpoints without addresses', async () => {
  await start()
  await create({ selector: { set: 'nobody' } })
  const endpoints = await serves([])
  assert.is(endpoints.subsets, undefined)
  const [slice] = await slicesOf()
  assert.is(slice!.endpoints, null)
  assert.is(slice!.addressType, 'IPv4')
})

test('pods that are not ready are listed apart', async () => {
  await start()
  await upSet('blue', 2)
  await create({ selector: { set: 'blue' } })
  await serves(['blue-0', 'blue-1'])
  await cluster.kubelet.setReady('blue-0', false)
  const endpoints = await serves(['blue-1'])
  assert.is(endpoints.subsets![0]!.notReadyAddresses![0]!.targetRef!.name, 'blue-0')
  const [slice] = await slicesOf()
  const conditions = slice!.endpoints!.find((each) => each.targetRef!.name === 'blue-0')!.conditions
  assert.equal(conditions, { ready: false, serving: false, terminating: false })
})

/** A pod that is being deleted and whose kubelet takes its time. */
async function terminating(name: string) {
  cluster.kubelet.stop()
  await cluster.kube.delete(resources.pods, 'default', name)
}

test('a terminating pod leaves the Endpoints at once, and the slice says that it still serves', async () => {
  await start()
  await upSet('blue', 2)
  await create({ selector: { set: 'blue' } })
  await serves(['blue-0', 'blue-1'])
  await terminating('blue-1')
  await serves(['blue-0'])
  const [slice] = await slicesOf()
  const going = slice!.endpoints!.find((each) => each.targetRef!.name === 'blue-1')!
  assert.equal(going.conditions, { ready: false, serving: true, terminating: true })
})

test('a service that publishes what is not ready keeps terminating pods, with their host names', async () => {
  await start()
  await upSet('blue', 2)
  await create(
    { selector: { set: 'blue' }, clusterIP: 'None', publishNotReadyAddresses: true },
    'emqx-headless',
  )
  await serves(['blue-0', 'blue-1'], 'emqx-headless')
  await terminating('blue-1')
  const going = await eventually(async () => {
    const [slice] = await slicesOf('emqx-headless')
    return slice!.endpoints!.find((each) => each.conditions!.terminating)
  }, 'the slice to show it')
  assert.equal(going.conditions, { ready: true, serving: true, terminating: true })
  assert.is(going.hostname, 'blue-1')
  const endpoints = await endpointsOf('emqx-headless')
  assert.equal(names(endpoints), ['blue-0', 'blue-1'])
  assert.is(endpoints.metadata.labels!['service.kubernetes.io/headless'], '')
})

test('a named target port is looked up in each pod', async () => {
  await start()
  const containers = [
    { name: 'emqx', image: 'emqx/emqx-ee:4.4.14', ports: [{ name: 'tcp', containerPort: 1884 }] },
  ]
  const template = { metadata: { labels: { app: 'emqx', set: 'blue' } }, spec: { containers } }
  await cluster.kube.create(resources.statefulSets, statefulSet('blue', 1, { template }))
  await create({ selector: { set: 'blue' }, ports: [{ name: 'mqtt', port: 1883, targetPort: 'tcp' }] })
  const endpoints = await serves(['blue-0'])
  assert.is(endpoints.subsets![0]!.ports![0]!.port, 1884)
})

test('Endpoints written by hand are mirrored, as recorded', async () => {
  await start()
  await create({ type: 'NodePort' })
  const targetRef = { kind: 'Pod', name: 'ee-0', namespace: 'default', uid: 'u' }
  const made = await cluster.kube.create<Endpoints>(resources.endpoints, {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'ee', namespace: 'default', labels: { app: 'emqx' } },
    subsets: [
      {
        addresses: [{ ip: '127.3.5.9', nodeName: 'hollow', targetRef }],
        ports: [{ name: 'mqtt', port: 1883 }],
      },
    ],
  })
  const [slice] = await eventually(
    async () => ((await slicesOf()).length > 0 ? slicesOf() : undefined),
    'the mirror',
  )
  assert.equal(slice!.endpoints, [
    { addresses: ['127.3.5.9'], conditions: { ready: true }, nodeName: 'hollow', targetRef },
  ])
  assert.equal(slice!.metadata.labels, {
    app: 'emqx',
    'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
    'kubernetes.io/service-name': 'ee',
  })
  assert.is(slice!.metadata.ownerReferences![0]!.uid, made.metadata.uid)
  const subsets = [{ addresses: [{ ip: '127.3.5.10' }], ports: [{ name: 'mqtt', port: 1883 }] }]
  await cluster.kube.patch(resources.endpoints, 'default', 'ee', 'merge', { subsets })
  await eventually(async () => {
    const [now] = await slicesOf()
    return now?.endpoints?.[0]?.addresses[0] === '127.3.5.10' ? true : undefined
  }, 'the mirror to follow')
  assert.is((await slicesOf()).length, 1)
})

test('Endpoints and slices go with their Service', async () => {
  await start()
  await upSet('blue', 1)
  await create({ selector: { set: 'blue' } })
  await serves(['blue-0'])
  await cluster.kube.delete(resources.services, 'default', 'ee')
  await eventually(async () => {
    const { items } = await cluster.kube.list(resources.endpoints, { namespace: 'default' })
    return items.length === 0 && (await slicesOf()).length === 0 ? true : undefined
  }, 'both to go')
})

test('what somebody else breaks is put right', async () => {
  await start()
  await upSet('blue', 1)
  await create({ selector: { set: 'blue' } })
  await serves(['blue-0'])
  await cluster.kube.patch(resources.endpoints, 'default', 'ee', 'merge', { subsets: null })
  const [slice] = await slicesOf()
  await cluster.kube.delete(resources.endpointSlices, 'default', slice!.metadata.name)
  await serves(['blue-0'])
})

test('fault endpoints-empty: nobody answers for a while after the selector went from the old pods to the new', async () => {
  await start(['endpoints-empty'])
  await upSet('blue', 2)
  await upSet('green', 2)
  await create({ type: 'NodePort', selector: { set: 'blue' } })
  await create({ selector: { set: 'blue' }, ports: [{ name: 'http', port: 8081 }] }, 'other')
  await serves(['blue-0', 'blue-1'])
  await serves(['blue-0', 'blue-1'], 'other')
  const selector = { spec: { selector: { set: 'green' } } }
  const beganMs = Date.now()
  await cluster.kube.patch(resources.services, 'default', 'ee', 'merge', selector)
  await cluster.kube.patch(resources.services, 'default', 'other', 'merge', selector)
  await serves(['green-0', 'green-1'])
  assert.ok(Date.now() - beganMs >= 1990, 'the gap lasts two seconds')
  await serves(['green-0', 'green-1'], 'other')
  const of = (name: string) =>
    cluster
      .changes('Endpoints')
      .filter(({ object }) => object.metadata.name === name)
      .map(({ object }) => names(object as Endpoints).join())
  assert.equal(of('ee'), ['blue-0,blue-1', '', 'green-0,green-1'])
  assert.equal(of('other'), ['blue-0,blue-1', 'green-0,green-1'])
})

test('fault endpoints-empty: nobody answers for a while when a gate shuts the old pods out one by one', async () => {
  await start(['endpoints-empty'])
  await upSet('blue', 2)
  await upSet('green', 2)
  const both = { app: 'emqx' }
  await create({ type: 'NodePort', selector: both })
  await serves(['blue-0', 'blue-1', 'green-0', 'green-1'])
  const beganMs = Date.now()
  await Promise.all(['blue-0', 'blue-1'].map((name) => cluster.kubelet.setReady(name, false)))
  await serves([])
  await serves(['green-0', 'green-1'])
  assert.ok(Date.now() - beganMs >= 1990, 'the gap lasts two seconds')
  // A pod of the only set that is left comes and goes: that is no switch.
  await cluster.kubelet.setReady('green-1', false)
  await serves(['green-0'])
  const published = cluster
    .changes('Endpoints')
    .map(({ object }) => names(object as Endpoints).join())
    .filter((text, index, all) => text !== all[index - 1])
  assert.equal(published.slice(published.indexOf('blue-0,blue-1,green-0,green-1')), [
    'blue-0,blue-1,green-0,green-1',
    '',
    'green-0,green-1',
    'green-0',
  ])
})

test.run()
