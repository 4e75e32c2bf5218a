import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KubeApiError, type Resource } from '#weir/cluster/kubernetes/types.ts'
import { serviceAddress } from '#weir/cluster/service-address.ts'
import { WeirError } from '#weir/errors/index.ts'
import type { AddressKind } from '#weir/facts/index.ts'
import { FakeKube } from './fake-kube.ts'

const service = (spec: object, status: object = {}) => ({ metadata: { name: 'emqx-ee' }, spec, status })
const ports = [
  { name: 'http-dashboard-18083', port: 18083, nodePort: 32563 },
  { name: 'mqtt-tcp-1883', port: 1883, targetPort: 1883, nodePort: 32010 },
]
const node = (name: string, ready: boolean, ...addresses: [string, string][]) => ({
  metadata: { name },
  status: {
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    addresses: addresses.map(([type, address]) => ({ type, address })),
  },
})
const ask = (kube: FakeKube, kind: AddressKind, timeoutMs = 0) =>
  serviceAddress(kube, 'emqx-ee', kind, 'a=b', timeoutMs)

test('a NodePort: an internal address of a node that is ready, and the port for MQTT', async () => {
  const kube = new FakeKube()
    .put('Service', service({ type: 'NodePort', ports }))
    .put(
      'Node',
      node('n1', false, ['InternalIP', '10.0.0.1']),
      node('n2', true, ['ExternalIP', '1.2.3.4'], ['InternalIP', '10.0.0.2']),
    )
  assert.equal(await ask(kube, 'nodePort'), { host: '10.0.0.2', port: 32010 })
})

test('a NodePort without leave to list nodes: the host of a pod', async () => {
  class Forbidding extends FakeKube {
    override async list<T extends { metadata: { name: string } }>(resource: Resource) {
      if (resource.kind === 'Node') throw new KubeApiError(403, 'Forbidden', 'no')
      return super.list<T>(resource)
    }
  }
  const kube = new Forbidding()
    .put('Service', service({ type: 'NodePort', ports }))
    .put('Pod', { metadata: { name: 'p' }, status: { hostIP: '10.0.0.9' } })
  assert.equal(await ask(kube, 'nodePort'), { host: '10.0.0.9', port: 32010 })
})

test('a cluster IP and a load balancer', async () => {
  const kube = new FakeKube().put(
    'Service',
    service(
      { type: 'LoadBalancer', clusterIP: '10.96.0.7', ports },
      { loadBalancer: { ingress: [{ hostname: 'lb.example' }] } },
    ),
  )
  assert.equal(await ask(kube, 'clusterIP'), { host: '10.96.0.7', port: 1883 })
  assert.equal(await ask(kube, 'loadBalancer'), { host: 'lb.example', port: 1883 })
})

test('EMQX 5’s listener keeps its name on another port', async () => {
  const kube = new FakeKube().put(
    'Service',
    service({
      type: 'ClusterIP',
      clusterIP: '10.96.0.7',
      ports: [
        { name: 'ssl-default', port: 8883, targetPort: 8883 },
        { name: 'tcp-default', port: 2883, targetPort: 2883 },
      ],
    }),
  )
  assert.equal(await ask(kube, 'clusterIP'), { host: '10.96.0.7', port: 2883 })
})

test('waits until there is one', async () => {
  const kube = new FakeKube().put('Node', node('n', true, ['InternalIP', '10.0.0.2']))
  const asking = ask(kube, 'nodePort', 60_000)
  setTimeout(() => kube.put('Service', service({ type: 'NodePort', ports })), 20)
  assert.equal(await asking, { host: '10.0.0.2', port: 32010 })
})

test('none in time: says what was missing last', async () => {
  const missing = async (kube: FakeKube, kind: AddressKind) => {
    const error = await ask(kube, kind).catch((e: unknown) => e)
    assert.instance(error, WeirError)
    assert.is((error as WeirError).code, 'WEIR_CLUSTER_UNFIT')
    return (error as WeirError).message
  }
  assert.match(await missing(new FakeKube(), 'nodePort'), 'there is no Service emqx-ee in namespace q6')
  const internal = new FakeKube().put(
    'Service',
    service({ type: 'ClusterIP', clusterIP: 'None', ports: [{ port: 1883 }] }),
  )
  assert.match(await missing(internal, 'nodePort'), 'type ClusterIP and has no nodePort')
  assert.match(await missing(internal, 'clusterIP'), 'no cluster IP')
  assert.match(await missing(internal, 'loadBalancer'), 'no load balancer address')
  const portless = new FakeKube().put('Service', service({ type: 'NodePort', ports: [ports[0]] }))
  assert.match(await missing(portless, 'nodePort'), 'no port for MQTT')
})

test.run()
