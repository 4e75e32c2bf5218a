/** Weir's own Service: what it is made of, and what a change of it leaves alone. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  askedAnnotations,
  externalService,
  externalServicePatch,
  insideAddresses,
  listenersOf,
  outsideAddresses,
  resolvePorts,
  servingPods,
} from '#weir/cluster/index.ts'
import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import type { AskedPort } from '#weir/facts/index.ts'

const resource = {
  ...{ apiVersion: 'apps.emqx.io/v2beta1', kind: 'EMQX' },
  metadata: { name: 'emqx', namespace: 'iot', uid: 'u' },
}
const TCP: AskedPort = { listener: 'mqtt-tcp', name: 'mqtt-tcp', target: 1883, port: 1883 }
const exposure = { network: 'LoadBalancer', ports: [TCP], annotations: { 'a/b': 'c' } } as const
const made = (annotations: Record<string, string> = exposure.annotations) =>
  externalService(resource, { app: 'emqx' }, { ...exposure, annotations })
const service = (name: string, spec: object, status: object = {}): Service =>
  ({ metadata: { name, namespace: 'iot' }, spec, status }) as unknown as Service

test('it belongs to the resource, and has no label of the operator', () => {
  const { metadata, spec } = made()
  assert.equal([metadata.name, metadata.namespace], ['emqx-external', 'iot'])
  assert.is(metadata.ownerReferences?.[0]?.uid, 'u')
  assert.not.ok(Object.keys(metadata.labels ?? {}).some((key) => key.startsWith('apps.emqx.io/')))
  assert.equal(spec.selector, { app: 'emqx' })
})

test('annotations that a cloud adds are neither asked for nor taken away', () => {
  const known = made()
  known.metadata.annotations = { ...known.metadata.annotations, 'cloud/id': 'lb-1' }
  assert.equal(askedAnnotations(known), { 'a/b': 'c' })
  const { metadata } = externalServicePatch(
    known,
    { app: 'emqx' },
    { ...exposure, annotations: { 'd/e': 'f' } },
  )
  assert.equal(metadata.annotations, { 'a/b': null, 'd/e': 'f', 'weir/annotations': 'd/e' })
})

test('of a Service that is no more to have any, the note goes too', () => {
  const { metadata } = externalServicePatch(made(), { app: 'emqx' }, { ...exposure, annotations: {} })
  assert.equal(metadata.annotations, { 'a/b': null, 'weir/annotations': null })
})

test('labels of the pods that are asked for no more are taken away', () => {
  const { spec } = externalServicePatch(made(), { role: 'replicant' }, exposure)
  assert.equal(spec.selector, { app: null, role: 'replicant' })
})

test('it leads to pods of every set', () => {
  const selector = { 'apps.emqx.io/instance': 'emqx', 'controller-revision-hash': 'x', role: 'core' }
  const wanted = { 'apps.emqx.io/instance': 'emqx', role: 'core' }
  assert.equal(servingPods('emqx', service('emqx', { selector }), undefined), wanted)
  const headless = service('emqx-headless', { selector: { app: 'emqx' } })
  assert.equal(servingPods('emqx', service('emqx', {}), headless), { app: 'emqx' })
  assert.equal(servingPods('emqx', service('emqx', {}), undefined), { 'apps.emqx.io/instance': 'emqx' })
})

const OPERATORS = service('emqx-listeners', {
  ...{ type: 'NodePort', clusterIP: '10.1.0.1' },
  ports: [
    { name: 'tcp-default', port: 1883, targetPort: 1883, nodePort: 30_001 },
    { name: 'ssl-own', port: 8884, targetPort: 'mqtts', nodePort: 30_002 },
    { name: 'dashboard-listeners-http-bind', port: 18_083, targetPort: 18_083, nodePort: 30_003 },
    { name: 'gateway-lwm2m', port: 5783, targetPort: 5783 },
  ],
})

test('listeners by the names of either operator', () => {
  assert.equal(
    listenersOf(OPERATORS).map(({ listener, target }) => [listener, target]),
    [
      ['mqtt-tcp', 1883],
      ['mqtt-ssl', 'mqtts'],
    ],
  )
  const old = service('emqx-ee', { ports: [{ name: 'mqtt-wss-8084', port: 8084 }] })
  assert.equal(listenersOf(old), [{ listener: 'mqtt-wss', name: 'mqtt-wss-8084', port: 8084, target: 8084 }])
})

test('a port leads to where EMQX listens, by weir and by the operator', () => {
  const wanted = [
    { listener: 'mqtt-tcp', port: 11_883 },
    { listener: 'mqtt-ssl' },
    { listener: 'mqtt-ws' },
  ] as const
  const [own, operators] = (['weir', 'operator'] as const).map((by) => resolvePorts(wanted, by, OPERATORS))
  assert.equal(own?.lacking, ['mqtt-ws'])
  assert.equal(
    own?.ports.map(({ name, port, target }) => [name, port, target]),
    [
      ['mqtt-tcp', 11_883, 1883],
      ['mqtt-ssl', 8884, 'mqtts'],
    ],
  )
  // Beside EMQX's own port, which clients inside use.
  assert.equal(
    operators?.ports.map(({ name }) => name),
    ['mqtt-tcp-external', 'ssl-own'],
  )
})

test('what is tried from outside: what Services name there, and on a load balancer what is usual', () => {
  const balanced = service(
    'emqx-external',
    {
      type: 'LoadBalancer',
      clusterIP: '10.1.0.2',
      ports: [{ name: 'mqtt-ssl', port: 443, targetPort: 8883 }],
    },
    { loadBalancer: { ingress: [{ ip: '192.0.2.1' }, { hostname: 'lb.example' }] } },
  )
  const all = outsideAddresses([OPERATORS, balanced], ['10.0.0.1', '10.0.0.2'])
  const says = (kind: string, named: boolean) =>
    all
      .filter((one) => one.kind === kind && (one.service !== undefined) === named)
      .map(({ host, port, what }) => `${what} ${host}:${port}`)
      .sort()
  assert.equal(says('node-port', true), [
    'management 10.0.0.1:30003',
    'management 10.0.0.2:30003',
    'mqtt-ssl 10.0.0.1:30002',
    'mqtt-ssl 10.0.0.2:30002',
    'mqtt-tcp 10.0.0.1:30001',
    'mqtt-tcp 10.0.0.2:30001',
  ])
  assert.equal(says('load-balancer', true), ['mqtt-ssl 192.0.2.1:443', 'mqtt-ssl lb.example:443'])
  assert.is(says('load-balancer', false).length, 2 * 7)
  assert.equal(
    insideAddresses(OPERATORS).map(({ port, what }) => [what, port]),
    [
      ['mqtt-tcp', 1883],
      ['mqtt-ssl', 8884],
    ],
  )
})

test.run()
