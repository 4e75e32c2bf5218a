import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { allocateNodePorts } from '#weir/testbed/apiserver/kinds/service-allocation.ts'
import { harness, withHarness } from './harness.ts'

const SERVICES = '/api/v1/namespaces/default/services'

withHarness(test)

interface Port {
  name?: string
  port: number
  nodePort?: number
  [field: string]: unknown
}
const service = (name: string, type: string, ports: Port[], more = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { type, ports, selector: { app: 'emqx' }, ...more },
})

test('a NodePort service is completed as the real server does', async () => {
  const { body } = await harness.ask(
    'POST',
    SERVICES,
    service('ee', 'NodePort', [{ name: 'mqtt', port: 1883 }]),
  )
  const { clusterIP, ports, ...spec } = body.spec
  assert.match(clusterIP, /^127\.3\.7\.\d+$/)
  assert.equal(spec, {
    clusterIPs: [clusterIP],
    externalTrafficPolicy: 'Cluster',
    internalTrafficPolicy: 'Cluster',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    selector: { app: 'emqx' },
    sessionAffinity: 'None',
    type: 'NodePort',
  })
  const [{ nodePort, ...port }] = ports
  assert.equal(port, { name: 'mqtt', port: 1883, protocol: 'TCP', targetPort: 1883 })
  assert.ok(nodePort >= 30_000 && nodePort <= 32_767)
  assert.equal(body.status, { loadBalancer: {} })
})

test('a headless service has no address', async () => {
  const { body } = await harness.ask(
    'POST',
    SERVICES,
    service('h', 'ClusterIP', [{ port: 8081 }], { clusterIP: 'None' }),
  )
  assert.is(body.spec.clusterIP, 'None')
  assert.equal(body.spec.clusterIPs, ['None'])
})

test('a node port that is taken or out of range is refused in the real words', async () => {
  const { ask } = harness
  await ask('POST', SERVICES, service('a', 'NodePort', [{ port: 1883, nodePort: 32_010 }]))
  const taken = await ask('POST', SERVICES, service('b', 'NodePort', [{ port: 1883, nodePort: 32_010 }]))
  assert.is(taken.status, 422)
  assert.is(
    taken.body.message,
    'Service "b" is invalid: spec.ports[0].nodePort: Invalid value: 32010: provided port is already allocated',
  )
  const outside = await ask('POST', SERVICES, service('b', 'NodePort', [{ port: 1883, nodePort: 80 }]))
  assert.is(
    outside.body.message,
    'Service "b" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
  )
  await ask('DELETE', `${SERVICES}/a`)
  assert.is(
    (await ask('POST', SERVICES, service('b', 'NodePort', [{ port: 1883, nodePort: 32_010 }]))).status,
    201,
  )
})

test('an update without node ports keeps them by name, and gives new names new ones', async () => {
  const { ask } = harness
  const ports = [
    { name: 'mqtt', port: 1883 },
    { name: 'ws', port: 8083 },
  ]
  const made = (await ask('POST', SERVICES, service('ee', 'NodePort', ports))).body
  const [mqtt, ws] = made.spec.ports
  const wanted = service('ee', 'NodePort', [
    { name: 'mqtt', port: 11_883 },
    { name: 'wss', port: 8083 },
  ])
  const { body } = await ask('PUT', `${SERVICES}/ee`, wanted)
  assert.is(body.spec.ports[0].nodePort, mqtt.nodePort)
  assert.is(body.spec.ports[0].port, 11_883)
  assert.not.equal(body.spec.ports[1].nodePort, ws.nodePort)
  assert.ok(body.spec.ports[1].nodePort >= 30_000)
  assert.is(body.spec.clusterIP, made.spec.clusterIP)
})

test('a type that has no node ports gives them back', async () => {
  const { ask } = harness
  const made = (await ask('POST', SERVICES, service('ee', 'NodePort', [{ name: 'mqtt', port: 1883 }]))).body
  made.spec.type = 'ClusterIP'
  const { status, body } = await ask('PUT', `${SERVICES}/ee`, made)
  assert.is(status, 200)
  assert.is(body.spec.ports[0].nodePort, undefined)
  assert.is(body.spec.externalTrafficPolicy, undefined)
})

test('an address is kept for good', async () => {
  const { ask } = harness
  const made = (await ask('POST', SERVICES, service('ee', 'ClusterIP', [{ port: 1883 }]))).body
  const moved = { ...made, spec: { ...made.spec, clusterIP: '127.3.7.99', clusterIPs: ['127.3.7.99'] } }
  const refused = await ask('PUT', `${SERVICES}/ee`, moved)
  assert.is(refused.status, 422)
  assert.match(refused.body.message, /spec.clusterIPs\[0\]: Invalid value: .*: may not change once set/)
  const other = service('other', 'ClusterIP', [{ port: 1 }], { clusterIP: made.spec.clusterIP })
  assert.match(
    (await ask('POST', SERVICES, other)).body.message,
    /failed to allocate IP .*: provided IP is already allocated/,
  )
})

test('services without ports, with unnamed or double ones, are refused', async () => {
  const refusal = async (ports: Port[]) =>
    (await harness.ask('POST', SERVICES, service('bad', 'ClusterIP', ports))).body.message
  assert.match(await refusal([]), /spec.ports: Required value/)
  assert.match(await refusal([{ port: 1 }, { port: 2 }]), /spec.ports\[0\].name: Required value/)
  assert.match(
    await refusal([
      { name: 'a', port: 1 },
      { name: 'a', port: 2 },
    ]),
    /spec.ports\[1\].name: Duplicate value: "a"/,
  )
})

test('node ports are never given twice, however small the range', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.integer({ min: 1, max: 4 })),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (size, wants, start) => {
        const range = {
          nodePorts: { first: 30_000, last: 30_000 + size - 1 },
          clusterIpPrefix: '127.3.7.',
          random: () => start,
        }
        const made: ReturnType<typeof kube>[] = []
        let given = 0
        for (const [i, count] of wants.entries()) {
          const next = kube(`s${i}`, count)
          const errors = allocateNodePorts(next, made, range)
          if (given + count > size) assert.ok(errors.length > 0)
          else {
            assert.equal(errors, [])
            made.push(next)
            given += count
          }
        }
        const all = made.flatMap((each) => each.spec.ports.map((port) => port.nodePort))
        assert.is(new Set(all).size, all.length)
        assert.ok(all.every((port) => port !== undefined && port >= 30_000 && port < 30_000 + size))
      },
    ),
  )
})

const kube = (name: string, count: number) => ({
  metadata: { name, namespace: 'default', uid: name },
  spec: { ports: Array.from({ length: count }, (_, i): Port => ({ name: `p${i}`, port: i + 1 })) },
})

test.run()
