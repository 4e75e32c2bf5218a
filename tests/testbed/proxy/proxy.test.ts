import { createServer, type Socket } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EndpointSlice, Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { WeirError } from '#weir/errors/index.ts'
import { startLoadBalancers } from '#weir/testbed/controllers/load-balancers.ts'
import { createEmqxCluster } from '#weir/testbed/emqx/index.ts'
import { outage } from '#weir/testbed/faults/blackout.ts'
import { makeFaults } from '#weir/testbed/faults/index.ts'
import { type ProxyControl, startProxy } from '#weir/testbed/proxy/index.ts'
import { api, evacuate } from '../emqx/support/nodes.ts'
import { dial, join, type RawClient } from '../emqx/support/raw-client.ts'
import { until } from '../emqx/support/until.ts'
import { testServer } from '../kubelet/support/api-server.ts'

async function bed(proxyFault: (control: ProxyControl) => void = () => {}) {
  const server = await testServer()
  const cluster = createEmqxCluster({ faults: makeFaults([]), seed: 5 })
  const errors: WeirError[] = []
  const proxy = await startProxy(server.kube, {
    directory: cluster,
    nodes: [{ name: 'n1', ip: server.nodeIp }],
    isServiceAddress: (address) => address.startsWith('127.'),
    seed: 5,
    faults: { proxy: proxyFault },
    firstEvacuation: cluster.firstEvacuation,
    onError: (error) => errors.push(error),
  })
  const start = (podName: string, address: number) =>
    cluster.startNode({
      nodeName: `e@${podName}`,
      podName,
      ip: `${server.podIpPrefix}${address}`,
      version: '4.4.19',
      clusterKey: 'k',
      terminateMs: 1,
    })
  return {
    ...server,
    cluster,
    errors,
    start,
    async close() {
      proxy.stop()
      cluster.close()
      await server.close()
    },
  }
}

const service = (name = 'emqx-ee'): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: {
    type: 'NodePort',
    ports: [
      { name: 'mqtt-tcp-1883', protocol: 'TCP', port: 1883, nodePort: 32010 },
      { name: 'http-dashboard-18083', protocol: 'TCP', port: 18083 },
    ],
  },
})

function slice(ips: string[], unready: string[] = []): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'emqx-ee-1',
      namespace: 'default',
      labels: { 'kubernetes.io/service-name': 'emqx-ee' },
    },
    addressType: 'IPv4',
    endpoints: [
      ...ips.map((ip) => ({ addresses: [ip], conditions: { ready: true } })),
      ...unready.map((ip) => ({ addresses: [ip], conditions: { ready: false } })),
    ],
    ports: [
      { name: 'mqtt-tcp-1883', port: 1883, protocol: 'TCP' },
      { name: 'http-dashboard-18083', port: 18083, protocol: 'TCP' },
    ],
  } as EndpointSlice
}

/** What a connection to the NodePort comes to: "up", or the socket's error. */
async function attempt(host: string, clientId: string, port = 32010): Promise<string> {
  const client = dial(host, { port, clientId })
  await until(() => client.closed || client.of('connack').length > 0)
  return client.error?.code ?? (client.of('connack').length > 0 ? 'up' : 'closed')
}

async function opened(host: string, port = 32010): Promise<void> {
  await until(async () => (await attempt(host, `probe-${Math.random()}`, port)) === 'up')
}

test('connections are spread over the ready endpoints and handed to their nodes', async () => {
  const { kube, nodeIp, start, errors, close } = await bed()
  const nodes = [await start('b-0', 11), await start('b-1', 12), await start('b-2', 13)]
  await kube.create(resources.services, service())
  await kube.create(
    resources.endpointSlices,
    slice(
      nodes.slice(0, 2).map(({ ip }) => ip),
      [nodes[2]!.ip],
    ),
  )
  await opened(nodeIp)
  const clients = await Promise.all(
    Array.from({ length: 200 }, (_, index) => join(nodeIp, { port: 32010, clientId: `c${index}` })),
  )
  const counts = nodes.map(({ core }) => [...core.live.keys()].filter((id) => id.startsWith('c')).length)
  assert.is(counts[0]! + counts[1]!, 200)
  assert.is(counts[2], 0, 'not ready')
  // Binomial with p = 1/2: 60 of 200 is more than five standard deviations off.
  assert.ok(counts[0]! > 60 && counts[1]! > 60, `${counts}`)
  const row = (await api(nodes[0]!, 'GET', '/api/v4/clients/c0')).json.data[0]
  assert.is(row.port, clients[0]!.socket.localPort, 'the client itself, no second socket')
  assert.equal(errors, [])
  await close()
})

test('the cluster address and every address of the load balancer lead to the same nodes, HTTP too', async () => {
  const { kube, loadBalancerPrefix, start, errors, close } = await bed()
  const balancers = startLoadBalancers(
    kube,
    { prefix: loadBalancerPrefix, addresses: 2, hostname: true },
    (_, error) => errors.push(error as WeirError),
  )
  const node = await start('b-0', 11)
  const balanced = service()
  balanced.spec.type = 'LoadBalancer'
  await kube.create(resources.services, balanced)
  await kube.create(resources.endpointSlices, slice([node.ip]))
  let made: Service | undefined
  await until(async () => {
    made = await kube.get<Service>(resources.services, 'default', 'emqx-ee')
    return made.status?.loadBalancer?.ingress?.length === 2
  })
  await opened(made!.spec.clusterIP!, 1883)
  for (const { hostname } of made!.status!.loadBalancer!.ingress!) await opened(hostname!, 1883)
  const response = await fetch(`http://${made!.spec.clusterIP}:18083/status`, {
    headers: { connection: 'close' },
  })
  assert.match(await response.text(), 'Node e@b-0 is started')
  balancers.stop()
  assert.equal(errors, [])
  await close()
})

test('without ready endpoints connections are refused; established ones stay', async () => {
  const { kube, nodeIp, start, close } = await bed()
  const node = await start('b-0', 11)
  await kube.create(resources.services, service())
  assert.is(await attempt(nodeIp, 'early'), 'ECONNREFUSED')
  await kube.create(resources.endpointSlices, slice([node.ip]))
  await opened(nodeIp)
  const client = await join(nodeIp, { port: 32010, clientId: 'stays' })
  await kube.patch(resources.endpointSlices, 'default', 'emqx-ee-1', 'merge', { endpoints: [] })
  await until(async () => (await attempt(nodeIp, 'late')) === 'ECONNREFUSED')
  client.send({ cmd: 'pingreq' })
  await client.wait('pingresp')
  await kube.patch(resources.endpointSlices, 'default', 'emqx-ee-1', 'merge', {
    endpoints: [{ addresses: [node.ip], conditions: { ready: true } }],
  })
  await opened(nodeIp)
  await close()
})

test('externalTrafficPolicy Local: a node without an endpoint of its own does not answer, the cluster address does', async () => {
  const { kube, nodeIp, start, close } = await bed()
  const node = await start('b-0', 11)
  const on = (nodeName: string) => ({
    endpoints: [{ addresses: [node.ip], nodeName, conditions: { ready: true } }],
  })
  const local = service()
  local.spec.externalTrafficPolicy = 'Local'
  const { spec } = await kube.create<Service>(resources.services, local)
  assert.is(await attempt(nodeIp, 'early'), 'ECONNREFUSED', 'no endpoint at all')
  await kube.create(resources.endpointSlices, slice([node.ip]))
  await kube.patch(resources.endpointSlices, 'default', 'emqx-ee-1', 'merge', on('n2'))
  await opened(spec.clusterIP!, 1883)
  const waiting = dial(nodeIp, { port: 32010, clientId: 'waits' })
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.equal([waiting.closed, waiting.of('connack').length], [false, 0], 'no answer')
  await kube.patch(resources.endpointSlices, 'default', 'emqx-ee-1', 'merge', on('n1'))
  await until(() => waiting.of('connack').length > 0)
  await opened(nodeIp)
  await close()
})

test('an endpoint whose node is gone fails the connection', async () => {
  const { kube, nodeIp, start, close } = await bed()
  const node = await start('b-0', 11)
  await kube.create(resources.services, service())
  await kube.create(resources.endpointSlices, slice([node.ip]))
  await opened(nodeIp)
  await node.terminate()
  assert.is(await attempt(nodeIp, 'c'), 'ECONNRESET')
  await close()
})

test('a Service without slices is served from its Endpoints', async () => {
  const { kube, nodeIp, start, close } = await bed()
  const node = await start('b-0', 11)
  await kube.create(resources.services, service())
  await kube.create(resources.endpoints, {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'emqx-ee', namespace: 'default' },
    subsets: [
      { addresses: [{ ip: node.ip }], ports: [{ name: 'mqtt-tcp-1883', port: 1883, protocol: 'TCP' }] },
    ],
  })
  await opened(nodeIp)
  await close()
})

test('a node port that changes is moved, and a deleted Service refuses', async () => {
  const { kube, nodeIp, start, close } = await bed()
  const node = await start('b-0', 11)
  await kube.create(resources.services, service())
  await kube.create(resources.endpointSlices, slice([node.ip]))
  await opened(nodeIp)
  const changed = await kube.get<Service>(resources.services, 'default', 'emqx-ee')
  changed.spec.ports![0]!.nodePort = 32011
  await kube.replace(resources.services, changed)
  await opened(nodeIp, 32011)
  assert.is(await attempt(nodeIp, 'old'), 'ECONNREFUSED')
  await kube.delete(resources.services, 'default', 'emqx-ee')
  await until(async () => (await attempt(nodeIp, 'gone', 32011)) === 'ECONNREFUSED')
  await close()
})

test('a port that is taken is named, and taken over once it is free', async () => {
  const { kube, nodeIp, start, errors, close } = await bed()
  const squatter = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => squatter.listen({ host: nodeIp, port: 32010 }, resolve))
  const node = await start('b-0', 11)
  await kube.create(resources.services, service())
  await kube.create(resources.endpointSlices, slice([node.ip]))
  await until(() => errors.length > 0)
  assert.is(errors[0]!.code, 'WEIR_ADDRESS_IN_USE')
  assert.match(errors[0]!.message, `${nodeIp}:32010`)
  squatter.close()
  await opened(nodeIp)
  await close()
})

test('hundreds of clients at once get in', async () => {
  const { kube, nodeIp, start, close } = await bed()
  const nodes = [await start('b-0', 11), await start('b-1', 12)]
  await kube.create(resources.services, service())
  await kube.create(resources.endpointSlices, slice(nodes.map(({ ip }) => ip)))
  await opened(nodeIp)
  const clients: RawClient[] = Array.from({ length: 800 }, (_, index) =>
    dial(nodeIp, { port: 32010, clientId: `storm${index}` }),
  )
  await until(() => clients.every((client) => client.of('connack').length === 1))
  assert.is(clients.filter((client) => client.error !== undefined).length, 0)
  await close()
})

for (const isDark of [false, true])
  test(`from the first evacuation ${isDark ? 'the fault blackout refuses everybody for a while' : 'nothing changes honestly'}`, async () => {
    const { kube, nodeIp, start, close } = await bed(isDark ? outage(300) : undefined)
    const [blue, green] = [await start('b-0', 11), await start('g-0', 12)]
    await kube.create(resources.services, service())
    await kube.create(resources.endpointSlices, slice([green.ip]))
    await opened(nodeIp)
    const before = await join(nodeIp, { port: 32010, clientId: 'before' })
    await evacuate(blue, {})
    if (isDark) {
      await until(async () => (await attempt(nodeIp, 'dark')) === 'ECONNREFUSED')
      before.send({ cmd: 'pingreq' })
      await before.wait('pingresp')
      await opened(nodeIp)
    } else assert.is(await attempt(nodeIp, 'light'), 'up')
    await close()
  })

test('sockets of a stopped proxy are not left behind', async () => {
  const { kube, nodeIp, start, close } = await bed()
  const node = await start('b-0', 11)
  await kube.create(resources.services, service())
  await kube.create(resources.endpointSlices, slice([node.ip]))
  await opened(nodeIp)
  await close()
  const sockets: Socket[] = []
  const taken = createServer((socket) => sockets.push(socket))
  await new Promise<void>((resolve, reject) => {
    taken.once('error', reject)
    taken.listen({ host: nodeIp, port: 32010 }, resolve)
  })
  taken.close()
})

test.run()
