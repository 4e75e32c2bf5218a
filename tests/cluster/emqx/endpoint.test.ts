import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { v1beta4 } from '#weir/cluster/dialects/v1beta4.ts'
import { v2beta1 } from '#weir/cluster/dialects/v2beta1.ts'
import { endpointOf } from '#weir/cluster/emqx/endpoint.ts'
import { emqxV4 } from '#weir/cluster/emqx/v4.ts'
import { emqxV5 } from '#weir/cluster/emqx/v5.ts'
import type { EnvVar, Pod } from '#weir/cluster/kubernetes/kinds.ts'

const pod = (ports: Record<string, number>, env: EnvVar[] = []): Pod =>
  ({
    metadata: { name: 'one' },
    spec: {
      containers: [
        { name: 'proxy', image: 'x', ports: [{ name: 'dashboard', containerPort: 1 }] },
        {
          name: 'emqx',
          image: 'x',
          env,
          ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort })),
        },
      ],
    },
  }) as Pod

const { dashboard } = emqxV5.listeners
const five = (data = '') =>
  v2beta1.apiBind({ metadata: { name: 'emqx' }, spec: { config: { data } } } as object as never)
const at = (its: Pod | undefined, data?: string, prefersTls = false) => {
  const { scheme, port, from } = endpointOf(dashboard, { pod: its, bindOf: five(data) }, prefersTls)
  return `${scheme} ${port} ${from}`
}

test('the container’s own words come first: its environment, then the names of its ports', () => {
  const moved = [{ name: 'EMQX_DASHBOARD__LISTENERS__HTTP__BIND', value: '"0.0.0.0:18090"' }]
  assert.is(at(pod({ dashboard: 18083 }, moved)), 'http 18090 variable EMQX_DASHBOARD__LISTENERS__HTTP__BIND')
  assert.is(at(pod({ mqtt: 1883, dashboard: 18090 })), 'http 18090 container port dashboard')
  assert.is(at(pod({ 'dashboard-https': 18084 })), 'https 18084 container port dashboard-https')
})

test('of http and https the first, unless a certificate is to be checked', () => {
  const both = pod({ dashboard: 18083, 'dashboard-https': 18084 })
  assert.is(at(both), 'http 18083 container port dashboard')
  assert.is(at(both, '', true), 'https 18084 container port dashboard-https')
  assert.is(at(pod({ dashboard: 18083 }), '', true), 'http 18083 container port dashboard')
})

for (const bind of ['18090', '"18090"', '":18090"', '"0.0.0.0:18090"', '"[::]:18090"'])
  test(`where the pod is silent the resource’s configuration counts: bind = ${bind}`, () => {
    const from = 'configuration in the resource'
    assert.is(at(pod({}), `dashboard.listeners.http.bind = ${bind}`), `http 18090 ${from}`)
    assert.is(at(undefined, `dashboard { listeners { http { bind = ${bind} } } }`), `http 18090 ${from}`)
  })

test('a listener that is off is none', () => {
  const data = 'dashboard.listeners { http.bind = 0, https { bind = 18084 } }'
  assert.is(at(pod({}), data), 'https 18084 configuration in the resource')
})

test('where nothing says it, EMQX’s default, and that it is supposed', () => {
  for (const data of ['', 'a { b', 'dashboard.listeners.http.bind = none'])
    assert.equal(endpointOf(dashboard, { pod: pod({ mqtt: 1883 }), bindOf: five(data) }, false), {
      scheme: 'http',
      port: 18083,
      from: "EMQX's default port",
      isDefault: true,
    })
})

test('4.4 has two listeners, each with its own names and settings', () => {
  const config = { 'dashboard.listener.https': '18443', 'management.listener.http': '8090' }
  const bindOf = v1beta4.apiBind({
    metadata: { name: 'emqx-ee' },
    spec: { template: { spec: { emqxContainer: { emqxConfig: config } } } },
  } as object as never)
  const { dashboard: users, keys } = emqxV4.listeners
  const silent = { pod: pod({}), bindOf }
  assert.equal([endpointOf(users, silent, false).port, endpointOf(keys, silent, false).port], [18443, 8090])
  const named = { pod: pod({ 'http-dashboard': 28083, management: 28081 }), bindOf }
  assert.equal([endpointOf(users, named, false).port, endpointOf(keys, named, false).port], [28083, 28081])
  const set = [{ name: 'EMQX_MANAGEMENT__LISTENER__HTTP', value: '38081' }]
  assert.is(endpointOf(keys, { pod: pod({ management: 28081 }, set), bindOf }, false).port, 38081)
})

test.run()
