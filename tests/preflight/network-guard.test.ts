/** The guard of the network: each rule with a request that breaks it alone, and the requests that break none. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import type { WeirError } from '#weir/errors/index.ts'
import type { AskedPort } from '#weir/facts/index.ts'
import { guardNetwork } from '#weir/preflight/index.ts'

type Request = Parameters<typeof guardNetwork>[0]

const TCP: AskedPort = { listener: 'mqtt-tcp', name: 'mqtt-tcp', target: 1883, port: 1883 }
const service = (name: string, type: string, ports: object[]): Service =>
  ({ metadata: { name }, spec: { type, ports } }) as unknown as Service
const operators = (type = 'ClusterIP'): Request['operators'] => ({
  found: service('emqx-listeners', type, [{ name: 'tcp-default', port: 1883, targetPort: 1883 }]),
  how: 'asked',
})
const own = (type: string): Service =>
  service('emqx-external', type, [{ name: 'mqtt-tcp', port: 1883, targetPort: 1883, nodePort: 30_001 }])

const request = (changes: Partial<Request>): Request => ({
  ...{ what: 'EMQX default/emqx', settled: true, condition: 'Ready' },
  ...{ network: 'NodePort', by: 'weir', ports: [TCP], annotations: {}, lacking: [], had: {} },
  ...{ operators: operators(), own: undefined, others: [], acceptsIpChange: false },
  ...changes,
})

/** [what, request] */
const ALLOWED: [string, Partial<Request>][] = [
  ['node ports', {}],
  ['a load balancer', { network: 'LoadBalancer' }],
  ['another port of what is there', { own: own('NodePort'), ports: [{ ...TCP, nodePort: 30_009 }] }],
  ['the same with another policy', { own: own('NodePort'), externalTrafficPolicy: 'Local' }],
  ['back', { network: 'ClusterIP', ports: [], own: own('NodePort') }],
  [
    "the operator's Service, made ClusterIP",
    { network: 'ClusterIP', ports: [], by: 'operator', operators: operators('NodePort') },
  ],
  [
    'another address that is accepted',
    { network: 'LoadBalancer', own: own('LoadBalancer'), annotations: { a: 'b' }, acceptsIpChange: true },
  ],
]

for (const [what, changes] of ALLOWED)
  test(`allowed: ${what}`, () => {
    guardNetwork(request(changes))
  })

/** [request, what is said] */
const REFUSED: [Partial<Request>, RegExp][] = [
  [{ operators: { why: 'there is no Service x' } }, /rule service-known\): .* there is no Service x/],
  [{ lacking: ['mqtt-wss'] }, /rule listener\): EMQX has no listener mqtt-wss, only mqtt-tcp: enable/],
  [
    { operators: operators('NodePort') },
    /rule exposed-already\): Service emqx-listeners, of type NodePort, which is the operator's, shows every listener/,
  ],
  [
    { others: [service('emqx-dashboard', 'NodePort', [])] },
    /rule exposed-already\): Service emqx-dashboard, of type NodePort, which is neither/,
  ],
  [
    { by: 'operator', own: own('LoadBalancer') },
    /rule exposed-already\): Service emqx-external, .* take it back first/,
  ],
  [{ own: own('NodePort') }, /rule no-change\): Service emqx-external is of type NodePort already/],
  [{ network: 'ClusterIP', ports: [] }, /rule no-change\): weir has made no Service/],
  [
    { network: 'ClusterIP', ports: [], operators: operators('NodePort') },
    /rule no-change\): .*emqx-listeners is of type NodePort: change it with --by operator/,
  ],
  [
    { network: 'ClusterIP', ports: [], by: 'operator' },
    /rule no-change\): Service emqx-listeners is of type ClusterIP/,
  ],
  [
    { network: 'ClusterIP', ports: [], own: own('LoadBalancer') },
    /rule ip-change\): the address of the load balancer of Service emqx-external goes: add --accept-ip-change/,
  ],
  [
    { network: 'LoadBalancer', own: own('LoadBalancer'), annotations: { a: 'b' } },
    /rule ip-change\): with other annotations/,
  ],
  [{ settled: false, condition: 'CoreNodesProgressing' }, /rule not-running\)/],
]

for (const [changes, words] of REFUSED)
  test(`refused: ${words.source.slice(0, 60)}`, () => {
    assert.throws(
      () => guardNetwork(request(changes)),
      (error: WeirError) => error.code === 'WEIR_REFUSED' && words.test(error.message),
    )
  })

test.run()
