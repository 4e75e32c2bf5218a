/** What the flags of `weir ops network` ask for, and every way in which they can be wrong: each is one line, before a cluster is asked. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type NetworkFlags, wantedNetwork } from '#weir/cli/own-cluster/operations/network-flags.ts'
import type { WeirError } from '#weir/errors/index.ts'
import { MQTT_LISTENERS } from '#weir/facts/index.ts'

const flags = (changes: Partial<NetworkFlags>): NetworkFlags => ({
  ...{ type: 'nodeport', port: [], 'node-port': [] },
  ...changes,
})
const balancer = (changes: Partial<NetworkFlags>): NetworkFlags =>
  flags({ type: 'loadbalancer', protocols: 'mqtt-tcp,mqtt-ssl', annotations: '{}', ...changes })

/** Every combination of protocols but none. */
const COMBINATIONS = Array.from({ length: 15 }, (_, i) =>
  MQTT_LISTENERS.filter((_listener, bit) => ((i + 1) >> bit) & 1),
)

for (const listeners of COMBINATIONS)
  test(`${listeners.join(', ')} by node ports`, () => {
    const { network, ports, annotations } = wantedNetwork(flags({ protocols: listeners.join(',') }))
    assert.is(network, 'NodePort')
    assert.equal(
      ports,
      listeners.map((listener) => ({ listener })),
    )
    assert.equal(annotations, {})
  })

test('ports of a load balancer, and its annotations', () => {
  const { network, ports, annotations } = wantedNetwork(
    balancer({ type: 'LoadBalancer', port: ['mqtt-ssl=443'], annotations: '{"a": "b"}' }),
  )
  assert.is(network, 'LoadBalancer')
  assert.equal(ports, [{ listener: 'mqtt-tcp' }, { listener: 'mqtt-ssl', port: 443 }])
  assert.equal(annotations, { a: 'b' })
})

test('a node port', () => {
  const { ports } = wantedNetwork(flags({ protocols: 'mqtt-ws', 'node-port': ['mqtt-ws=32010'] }))
  assert.equal(ports, [{ listener: 'mqtt-ws', nodePort: 32_010 }])
})

test('without annotations those of the policy may do', () => {
  assert.is(wantedNetwork(balancer({ annotations: undefined })).annotations, undefined)
})

test('clusterip asks for nothing', () => {
  assert.equal(wantedNetwork(flags({ type: 'ClusterIP' })), {
    network: 'ClusterIP',
    ports: [],
    annotations: {},
  })
})

/** [flags, what is said] */
const WRONG: [NetworkFlags, RegExp][] = [
  [flags({ type: 'ingress' }), /no network type "ingress": choose clusterip, nodeport or loadbalancer/],
  [flags({}), /NodePort needs --protocols/],
  [flags({ protocols: '' }), /"" is none of the protocols/],
  [flags({ protocols: 'mqtt-sn' }), /"mqtt-sn" is none of the protocols for clients from outside: mqtt-tcp/],
  [flags({ protocols: 'mqtt-tcp,quic' }), /"quic" is none/],
  [flags({ protocols: 'mqtt-tcp,mqtt-tcp' }), /names mqtt-tcp twice/],
  [flags({ type: 'clusterip', protocols: 'mqtt-tcp' }), /--protocols is not for ClusterIP/],
  [flags({ protocols: 'mqtt-tcp', annotations: '{}' }), /--annotations is not for NodePort/],
  [flags({ protocols: 'mqtt-tcp', port: ['mqtt-tcp=1'] }), /--port is not for NodePort/],
  [balancer({ 'node-port': ['mqtt-tcp=32010'] }), /--node-port is not for LoadBalancer/],
  ...[
    'mqtt-tcp',
    'mqtt-tcp=',
    'mqtt-tcp=x',
    'mqtt-tcp=0',
    'mqtt-tcp=65536',
    'mqtt-tcp=-1',
    'mqtt-tcp=1=2',
  ].map((word): [NetworkFlags, RegExp] => [balancer({ port: [word] }), /a port is a number from 1 to 65535/]),
  [balancer({ port: ['mqtt-ws=80'] }), /--protocols does not name mqtt-ws/],
  [balancer({ port: ['mqtt-tcp=80', 'mqtt-ssl=80'] }), /mqtt-tcp has port 80 already/],
  [balancer({ port: ['mqtt-tcp=8883'] }), /mqtt-tcp and mqtt-ssl both have port 8883/],
  [balancer({ port: ['mqtt-tcp=80', 'mqtt-tcp=81'] }), /names mqtt-tcp twice/],
  [balancer({ annotations: '{' }), /--annotations is not JSON/],
  [balancer({ annotations: '[]' }), /is a JSON object of strings/],
  [balancer({ annotations: 'null' }), /is a JSON object of strings/],
  [balancer({ annotations: '"a"' }), /is a JSON object of strings/],
  [balancer({ annotations: '{"a": 1}' }), /a has a value that is no string/],
  [balancer({ annotations: '{"a": {"b": "c"}}' }), /a has a value that is no string/],
]

for (const [wrong, words] of WRONG)
  test(`${JSON.stringify(wrong)} is a mistake`, () => {
    assert.throws(
      () => wantedNetwork(wrong),
      (error: WeirError) => error.code === 'WEIR_USAGE' && words.test(error.message),
    )
  })

test.run()
