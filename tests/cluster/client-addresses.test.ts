import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clientAddresses } from '#weir/cluster/client-addresses.ts'
import { KubeApiError, type Resource } from '#weir/cluster/kubernetes/types.ts'
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
const ask = async (kube: FakeKube, kind: AddressKind, timeoutMs = 0, listener?: string) => {
  const wanted = { kind, listener, podSelector: 'a=b' }
  const found = await clientAddresses(kube, 'emqx-ee', wanted, timeoutMs)
  return found.map(({ host, port }) => `${host}:${port}`)
}

test('a NodePort: every address of every node that is ready, those outside first, and the port for MQTT', async () => {
  const kube = new FakeKube()
    .put('Service', service({ type: 'NodePort', ports }))
    .put(
      'Node',
      node('n1', false, ['InternalIP', '10.0.0.1']),
      node('n2', true, ['ExternalIP', '1.2.3.4'], ['InternalIP', '10.0.0.2'], ['Hostname', 'n2']),
      node('n3', true, ['InternalIP', '10.0.0.3']),
    )
  assert.equal(await ask(kube, 'nodePort'), ['1.2.3.4:32010', '10.0.0.2:32010', '10.0.0.3:32010', 'n2:32010'])
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
  assert.equal(await ask(kube, 'nodePort'), ['10.0.0.9:32010'])
})

test('a cluster IP, the external IPs, and all addresses of a load balancer', async () => {
  const kube = new FakeKube().put(
    'Service',
    service(
      { type: 'LoadBalancer', clusterIP: '10.96.0.7', externalIPs: ['198.51.100.7'], ports },
      { loadBalancer: { ingress: [{ ip: '192.0.2.4' }, { hostname: 'lb.example' }] } },
    ),
  )
  assert.equal(await ask(kube, 'clusterIP'), ['10.96.0.7:1883'])
  assert.equal(await ask(kube, 'externalIP'), ['198.51.100.7:1883'])
  assert.equal(await ask(kube, 'loadBalancer'), ['192.0.2.4:1883', 'lb.example:1883'])
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
  assert.equal(await ask(kube, 'clusterIP'), ['10.96.0.7:2883'])
})

/** [ports of the Service, what the user says, the port for clients] */
const PORTS: [object[], string | undefined, number][] = [
  // The only TCP listener has a name and a port of the user's.
  [
    [
      { name: 'ssl-default', port: 8883 },
      { name: 'tcp-external', port: 1885 },
    ],
    undefined,
    1885,
  ],
  // Of two that which EMQX has by default, whatever its port.
  [
    [
      { name: 'tcp-internal', port: 1883 },
      { name: 'tcp-default', port: 1884 },
    ],
    undefined,
    1884,
  ],
  [
    [
      { name: 'tcp-internal', port: 1883 },
      { name: 'tcp-default', port: 1884 },
    ],
    'tcp:internal',
    1883,
  ],
  [[{ name: 'mqtt', port: 11883, targetPort: 'mqtt' }], undefined, 11883],
  [
    [
      { name: 'mqtts', port: 8884 },
      { name: 'mqtt', port: 11883 },
    ],
    undefined,
    11883,
  ],
  [[{ port: 1883, targetPort: 1883 }], undefined, 1883],
  // What leads to the dashboard is no listener, whatever its name.
  [
    [
      { name: 'tcp-dashboard', port: 80, targetPort: 18083 },
      { name: 'tcp-mqtt', port: 7001 },
    ],
    undefined,
    7001,
  ],
  [[{ name: 'plain', port: 7000, targetPort: 'tcp-default' }], undefined, 7000],
  [
    [
      { name: 'tcp-default', port: 1883 },
      { name: 'ssl-default', port: 8883 },
    ],
    '8883',
    8883,
  ],
  [
    [
      { name: 'mqtt-tcp-1883', port: 1883 },
      { name: 'mqtt-tcp-11883', port: 11883 },
    ],
    'tcp-11883',
    11883,
  ],
]

test('the port for clients, by its name, its target, its number, or as the user says', async () => {
  for (const [some, listener, port] of PORTS) {
    const kube = new FakeKube().put('Service', service({ clusterIP: '10.96.0.7', ports: some }))
    assert.equal(await ask(kube, 'clusterIP', 0, listener), [`10.96.0.7:${port}`], JSON.stringify(some))
  }
})

test('waits until there is one', async () => {
  const kube = new FakeKube().put('Node', node('n', true, ['InternalIP', '10.0.0.2']))
  const asking = ask(kube, 'nodePort', 60_000)
  setTimeout(() => kube.put('Service', service({ type: 'NodePort', ports })), 20)
  assert.equal(await asking, ['10.0.0.2:32010'])
})

test('none in time: says what was missing last', async () => {
  const missing = async (kube: FakeKube, kind: AddressKind, listener?: string) => {
    const error = await ask(kube, kind, 0, listener).catch((e: unknown) => e)
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
  const encrypted = new FakeKube().put('Service', service({ ports: [{ name: 'ssl-default', port: 8883 }] }))
  assert.match(
    await missing(encrypted, 'clusterIP'),
    /no port for MQTT over TCP \(1883\): it has ssl-default \(8883\) for MQTT over TLS: use --protocol mqtts$/,
  )
  const two = [
    { name: 'ssl-default', port: 8883 },
    { name: 'tcp-default', port: 1883 },
  ]
  const both = new FakeKube().put('Service', service({ ports: two }))
  assert.match(
    await missing(both, 'clusterIP', 'default'),
    /it has ssl-default \(8883\) for MQTT over TLS, tcp-default \(1883\) for MQTT over TCP: choose another with --listener$/,
  )
  assert.match(
    await missing(encrypted, 'clusterIP', 'tcp:mine'),
    'no port tcp:mine: it has ssl-default (8883)',
  )
})

test.run()
