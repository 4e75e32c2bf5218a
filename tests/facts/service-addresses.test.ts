/** Where a Service is reached, read from its object. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type AddressedService, addressesOf, addressText, ledgerOf } from '#weir/facts/index.ts'

const ports = [
  { name: 'mqtt', port: 1883, nodePort: 32_010 },
  { name: 'ws', port: 8083 },
]
const texts = (service: AddressedService, nodes: string[] = []) =>
  addressesOf(service, nodes).map((one) => `${one.name} ${addressText(one)}`)

test('port by port: within the cluster, on every node, at the load balancer, and where somebody routes', () => {
  const service = {
    spec: { type: 'LoadBalancer', clusterIP: '10.96.0.7', externalIPs: ['1.2.3.4'], ports },
    status: { loadBalancer: { ingress: [{ hostname: 'lb.example' }, { ip: '10.9.0.2' }] } },
  }
  assert.equal(texts(service, ['10.0.0.4', '10.0.0.5']), [
    'mqtt 10.96.0.7:1883 (cluster IP)',
    'mqtt 10.0.0.4:32010 (node port)',
    'mqtt 10.0.0.5:32010 (node port)',
    'mqtt 10.9.0.2:1883 (load balancer)',
    'mqtt lb.example:1883 (load balancer)',
    'mqtt 1.2.3.4:1883 (external IP)',
    'ws 10.96.0.7:8083 (cluster IP)',
    'ws 10.9.0.2:8083 (load balancer)',
    'ws lb.example:8083 (load balancer)',
    'ws 1.2.3.4:8083 (external IP)',
  ])
})

test('what is not known yet: a load balancer that is pending, and nodes that may not be listed', () => {
  const service = {
    spec: { type: 'LoadBalancer', clusterIP: '10.96.0.7', ports },
    status: { loadBalancer: {} },
  }
  assert.equal(texts(service), [
    'mqtt 10.96.0.7:1883 (cluster IP)',
    'mqtt any node:32010 (node port)',
    'mqtt pending:1883 (load balancer)',
    'ws 10.96.0.7:8083 (cluster IP)',
    'ws pending:8083 (load balancer)',
  ])
})

test('a headless Service has no address, and an IPv6 address its brackets', () => {
  assert.equal(texts({ spec: { clusterIP: 'None', ports: [{ name: 'api', port: 8081 }] } }), [])
  assert.equal(texts({ spec: { clusterIP: 'fd00::7', ports: [{ port: 1883 }] } }), [
    ' [fd00::7]:1883 (cluster IP)',
  ])
  assert.equal(texts({}), [])
})

test('the ledger has no order of the cloud, and nothing where there is nothing', () => {
  const balanced = (...ips: string[]) =>
    ledgerOf({ status: { loadBalancer: { ingress: ips.map((ip) => ({ ip })) } } })
  assert.equal(balanced('b', 'a').loadBalancer, balanced('a', 'b').loadBalancer)
  assert.equal(ledgerOf({ status: { loadBalancer: { ingress: null } } }), {
    ...{ type: 'ClusterIP', clusterIp: undefined, nodePorts: new Map(), loadBalancer: [], externalIps: [] },
  })
})

test.run()
