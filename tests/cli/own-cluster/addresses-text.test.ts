/** The addresses that an operation ends with, and what it changed of them. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addressesText } from '#weir/cli/own-cluster/addresses-text.ts'
import type { RecordEvent } from '#weir/facts/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { S } from '../../assertions/checks/made-events.ts'
import { madeScaleOut } from '../../assertions/checks/made-scale-out.ts'

const watched = (t: number, kind: string, name: string, object: object): RecordEvent => ({
  ...{ t: t * S, type: 'watch', event: 'MODIFIED', namespace: 'default', kind, name },
  object: { metadata: { name }, ...object },
})
const pod = (hostIP: string) => watched(1, 'Pod', `pod-${hostIP}`, { status: { hostIP } })
const service = (t: number, name: string, nodePort: number, ip?: string) =>
  watched(t, 'Service', name, {
    spec: {
      ...{ type: ip ? 'LoadBalancer' : 'NodePort', clusterIP: '10.96.0.7' },
      ports: [{ name: 'mqtt', port: 1883, nodePort }],
    },
    status: { loadBalancer: ip ? { ingress: [{ ip }] } : {} },
  })
const gone = (t: number, name: string): RecordEvent => ({
  ...(watched(t, 'Service', name, {}) as Extract<RecordEvent, { type: 'watch' }>),
  event: 'DELETED',
})
const textOf = (events: RecordEvent[], columns = 100) =>
  addressesText(viewOf(madeScaleOut({ moreEvents: events })), columns)

test('nothing changed: one line per address', () =>
  assert.is(
    textOf([pod('10.0.0.4'), pod('10.0.0.5'), service(1, 'emqx', 32_010), service(30, 'emqx', 32_010)]),
    `Addresses, as before:
  emqx  mqtt  10.96.0.7:1883 (cluster IP)
  emqx  mqtt  10.0.0.4:32010 (node port)
  emqx  mqtt  10.0.0.5:32010 (node port)
`,
  ))

test('what changed, what came, and what went', () =>
  assert.is(
    textOf([
      ...[pod('10.0.0.4'), service(1, 'emqx', 32_010, '10.9.0.1'), service(1, 'emqx-old', 30_000)],
      ...[
        service(30, 'emqx', 32_010, '10.9.0.2'),
        service(31, 'emqx-external', 30_001),
        gone(32, 'emqx-old'),
      ],
    ]),
    `Addresses, 5 changed:
  emqx           mqtt  10.96.0.7:1883 (cluster IP)
  emqx           mqtt  10.0.0.4:32010 (node port)
  emqx           mqtt  10.9.0.2:1883 (load balancer), was 10.9.0.1:1883
  emqx-external  mqtt  10.96.0.7:1883 (cluster IP), new
  emqx-external  mqtt  10.0.0.4:30001 (node port), new
  emqx-old       mqtt  10.96.0.7:1883 (cluster IP), gone
  emqx-old       mqtt  10.0.0.4:30000 (node port), gone
`,
  ))

test('a record without Services has no such lines', () => assert.is(textOf([]), ''))

test.run()
