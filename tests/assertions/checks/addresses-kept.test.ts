/** The ledger of addresses: what stays, what changes, what is announced, and what is not known. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inLanguage, type RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { saysOf } from './honest-run.ts'
import { S } from './made-events.ts'
import { crEvent, gap } from './made-operations.ts'
import { madeScaleOut, TRIGGER } from './made-scale-out.ts'

interface Changes {
  event?: 'INITIAL' | 'ADDED' | 'MODIFIED' | 'DELETED'
  name?: string
  type?: string
  clusterIP?: string
  ws?: number | undefined
  ingress?: { ip?: string; hostname?: string }[]
  externalIPs?: string[]
}

/** A Service with two node ports, as it was watched `t` seconds after the record's zero; the trigger is at 20 s. */
const service = (t: number, changes: Changes = {}): RecordEvent => {
  const {
    event = 'MODIFIED',
    name = 'emqx',
    type = 'NodePort',
    clusterIP = '10.96.0.7',
    ingress,
    externalIPs,
  } = changes
  const ws = 'ws' in changes ? changes.ws : 31_500
  const ports = [
    { name: 'mqtt', port: 1883, nodePort: 32_010 },
    { name: 'ws', port: 8083, ...(ws !== undefined && { nodePort: ws }) },
  ]
  return {
    ...{ t: t * S, type: 'watch', kind: 'Service', event, namespace: 'default', name },
    object: {
      metadata: { name },
      spec: { type, clusterIP, ports, ...(externalIPs && { externalIPs }) },
      status: { loadBalancer: ingress ? { ingress } : {} },
    },
  }
}
const A = [{ ip: '10.9.0.1' }]
const B = [{ ip: '10.9.0.2' }]
const balanced = (t: number, ingress: Changes['ingress'] = []) =>
  service(t, { type: 'LoadBalancer', ingress })

const deleting = (t: number): RecordEvent => ({
  ...(crEvent(t * S, 2, '5.8.9') as Extract<RecordEvent, { type: 'cr' }>),
  deleting: true,
})

const through = (address: string): RecordEvent => ({
  ...{ t: 3 * S, type: 'action', id: 'a1', action: 'start-fleet', phase: 'done', detail: address },
})

const judged = (events: RecordEvent[], bounds?: Record<string, number>) =>
  saysOf(madeScaleOut({ moreEvents: events }), 'addresses-kept', bounds)

/** What is no change of an address. */
const GREEN: [string, RecordEvent[]][] = [
  ['the same addresses, written again', [service(1), service(30)]],
  [
    'a load balancer whose addresses come in another order',
    [balanced(1, [...A, ...B]), balanced(30, [...B, ...A])],
  ],
  ['a load balancer that was pending and gets an address', [balanced(1), balanced(30, A), balanced(31, A)]],
  ['a Service that comes', [service(1), service(30, { name: 'emqx-external', ws: 30_001 })]],
  ['a port that comes', [service(1, { ws: undefined }), service(30)]],
  [
    'another address before the change',
    [service(1), service(10, { ws: 31_501 }), service(30, { ws: 31_501 })],
  ],
  [
    'a Service that was gone before the change',
    [service(1), service(1, { name: 'x' }), service(2, { name: 'x', event: 'DELETED' })],
  ],
  ['Services that go with the resource', [service(1), deleting(30), service(31, { event: 'DELETED' })]],
]
for (const [what, events] of GREEN)
  test(`${what}: it passes`, () => {
    const { outcome, sentence } = judged(events)
    assert.is(outcome, 'pass', sentence)
    assert.match(sentence, /^1 Service kept its [2345] addresses for 37\.0 s\.$/)
  })

/** [what, events, the words] */
const RED: [string, RecordEvent[], RegExp][] = [
  [
    'a node port that moves',
    [service(1), service(30, { ws: 31_501 })],
    /^The node port of port ws of Service emqx changed from 31500 to 31501 at \+10\.0 s after the trigger\.$/,
  ],
  [
    'a node port that moves and comes back',
    [service(1), service(30, { ws: 31_501 }), service(31)],
    /^The node port of port ws of Service emqx, 31500, was another or none for a while at \+10\.0 s/,
  ],
  [
    'a node port that goes',
    [service(1), service(30, { ws: undefined })],
    /port ws of Service emqx, 31500, was gone at/,
  ],
  [
    'another cluster IP',
    [service(1), service(30, { clusterIP: '10.96.0.8' })],
    /^The cluster IP of Service emqx changed from 10\.96\.0\.7 to 10\.96\.0\.8/,
  ],
  [
    'another type',
    [service(1), service(30, { type: 'LoadBalancer' })],
    /^The type of Service emqx changed from NodePort to LoadBalancer/,
  ],
  [
    'a load balancer that moves',
    [balanced(1, A), balanced(30), balanced(31, B)],
    /^The load balancer of Service emqx changed from 10\.9\.0\.1 to 10\.9\.0\.2 at \+10\.0 s/,
  ],
  [
    'one address of two',
    [balanced(1, [...A, ...B]), balanced(30, A)],
    /changed from 10\.9\.0\.1, 10\.9\.0\.2 to 10\.9\.0\.1/,
  ],
  [
    'a host name in place of an address',
    [balanced(1, A), balanced(30, [{ hostname: 'lb.example' }])],
    /changed from 10\.9\.0\.1 to lb\.example/,
  ],
  [
    'an address that came after the change and moves',
    [balanced(1), balanced(25, A), balanced(30, B)],
    /changed from 10\.9\.0\.1 to 10\.9\.0\.2/,
  ],
  [
    'an external IP that goes',
    [service(1, { externalIPs: ['1.2.3.4'] }), service(30)],
    /^The external IP of Service emqx, 1\.2\.3\.4, was gone/,
  ],
  [
    'a Service that goes',
    [service(1), service(30, { event: 'DELETED' })],
    /^Service emqx was removed at \+10\.0 s after the trigger\.$/,
  ],
  [
    'a Service that is made again elsewhere',
    [service(1), service(30, { event: 'DELETED' }), service(31, { event: 'ADDED', ws: 31_501 })],
    /^Service emqx was removed and made again at \+10\.0 s .*; the same happened to 1 other address\.$/,
  ],
]
for (const [what, events, words] of RED)
  test(`${what}: it fails`, () => {
    const { outcome, sentence, measured } = judged(events)
    assert.is(outcome, 'fail', sentence)
    assert.match(sentence, words)
    assert.match(measured, /^emqx /)
  })

test('an announced change of a load balancer passes, and says who was cut', () => {
  const events = [through('10.9.0.1:1883'), balanced(1, A), balanced(30, B)]
  const { outcome, sentence, measured, figures } = judged(events, { loadBalancers: 1 })
  assert.is(outcome, 'pass', sentence)
  assert.is(
    sentence,
    'As announced, the load balancer of Service emqx changed from 10.9.0.1 to 10.9.0.2 at +10.0 s after the trigger; 30 clients were connected through it, and cut. No other address changed.',
  )
  assert.is(measured, 'emqx load balancer: 10.9.0.1 to 10.9.0.2')
  assert.equal([figures?.announced, figures?.clientsCut, figures?.changed], [1, 30, 0])
  inLanguage('zh', () =>
    assert.match(
      judged(events, { loadBalancers: 1 }).sentence,
      /^如事先所示，.*由 10\.9\.0\.1 变为 10\.9\.0\.2，有 30 个客户端/,
    ),
  )
})

test('of a fleet that is spread over several addresses only those are cut whose address is gone', () => {
  const [gone, kept] = ['10.9.0.1:1883', '10.9.0.3:1883']
  const cutOf = (addresses: string, target: (client: number) => string) =>
    saysOf(
      madeScaleOut({ target, moreEvents: [through(addresses), balanced(1, A), balanced(30, B)] }),
      'addresses-kept',
    ).figures?.clientsCut
  assert.is(
    cutOf(`${gone}, ${kept}`, (client) => (client % 3 === 0 ? gone : kept)),
    10,
  )
  assert.is(
    cutOf(kept, () => kept),
    0,
  )
  const [six, other] = ['2001:db8::1', '2001:db8::2'].map((ip) => [{ ip }])
  const moved = [through('[2001:db8::1]:1883'), balanced(1, six), balanced(30, other)]
  assert.is(judged(moved).figures?.clientsCut, 30, 'IPv6')
})

test('in Chinese, with a space between Chinese and Latin', () => {
  const says = (events: RecordEvent[]) => inLanguage('zh', () => judged(events).sentence)
  const SAID: [RecordEvent[], string][] = [
    [
      [service(1), service(30, { ws: 31_501 })],
      '触发后 10.0 秒，Service emqx 的端口 ws 的 NodePort 由 31500 变为 31501。',
    ],
    [
      [service(1), service(30, { clusterIP: '' })],
      '触发后 10.0 秒，Service emqx 的 Cluster IP 10.96.0.7 消失。',
    ],
    [
      [service(1), service(30, { type: 'LoadBalancer' })],
      '触发后 10.0 秒，Service emqx 的类型由 NodePort 变为 LoadBalancer。',
    ],
    [[service(1), service(30, { event: 'DELETED' })], '触发后 10.0 秒，Service emqx 被删除。'],
    [
      [balanced(1, A), balanced(30), balanced(31, A)],
      '触发后 10.0 秒，Service emqx 的负载均衡器地址 10.9.0.1 一度改变或消失。',
    ],
  ]
  for (const [events, sentence] of SAID) assert.is(says(events), sentence)
})

test('what is announced is that one load balancer and nothing else', () => {
  const another = { ...balanced(31, B), name: 'other' } as RecordEvent
  const known = { ...balanced(1, A), name: 'other' } as RecordEvent
  const two = judged([balanced(1, A), known, balanced(30, B), another], { loadBalancers: 1 })
  assert.is(two.outcome, 'fail', two.sentence)
  assert.match(two.sentence, /^The load balancer of Service other changed from/)
  const port = judged([service(1), service(30, { ws: 31_501 })], { loadBalancers: 1 })
  assert.is(port.outcome, 'fail', port.sentence)
})

test('an announced change of type takes node ports and load balancer with it, and no cluster IP', () => {
  const back = (clusterIP: string): RecordEvent => ({
    ...(service(30) as Extract<RecordEvent, { type: 'watch' }>),
    object: { spec: { type: 'ClusterIP', clusterIP, ports: [{ name: 'mqtt', port: 1883 }] } },
  })
  assert.is(judged([balanced(1, A), back('10.96.0.7')], { types: 1 }).outcome, 'pass')
  assert.is(judged([balanced(1, A), back('10.96.0.7')]).outcome, 'fail')
  assert.is(judged([balanced(1, A), back('10.96.0.8')], { types: 1 }).outcome, 'fail')
})

test('a Service that the operation removes is no change of the others', () => {
  const external = (t: number, event?: 'DELETED') =>
    service(t, { name: 'emqx-external', ...(event && { event }) })
  const events = [service(1), external(1), external(30, 'DELETED'), service(31)]
  assert.is(judged(events, { removed: 1 }).outcome, 'pass')
  assert.is(judged(events).outcome, 'fail')
})

test('clients that connect elsewhere are not cut', () => {
  for (const address of ['127.0.0.1:32010', '10.96.0.7:1883']) {
    const { figures } = judged([through(address), service(1), service(30, { ws: 31_501 })])
    assert.is(figures?.clientsCut, 0, address)
  }
  assert.is(
    judged([through('127.0.0.1:31500'), service(1), service(30, { ws: 31_501 })]).figures?.clientsCut,
    30,
  )
})

test('what was not watched is not known', () => {
  const unwatched: [RunRecord, RegExp][] = [
    [madeScaleOut(), /does not show the Services before the change/],
    [madeScaleOut({ moreEvents: [service(30)] }), /does not show the Services before the change/],
    [madeScaleOut({ moreEvents: [service(1), gap('Service')] }), /the watch of Services was lost/],
  ]
  for (const [record, words] of unwatched) {
    const { outcome, sentence } = saysOf(record, 'addresses-kept')
    assert.is(outcome, 'inconclusive', sentence)
    assert.match(sentence, words)
  }
  const moved = madeScaleOut({ moreEvents: [service(1), gap('Service'), service(40, { ws: 31_501 })] })
  assert.is(saysOf(moved, 'addresses-kept').outcome, 'fail', 'what it saw stands')
})

test('a record without a change shows nothing', () => {
  const record = madeScaleOut({ moreEvents: [service(1), service(30, { ws: 31_501 })] })
  const events = record.events.filter((event) => !(event.type === 'mark' && event.t === TRIGGER))
  const { outcome, sentence } = saysOf({ ...record, events }, 'addresses-kept')
  assert.is(outcome, 'inconclusive', sentence)
})

test.run()
