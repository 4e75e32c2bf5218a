/** exposure and service-as-asked on a small record: green on the honest one, red on the change that each exists for, open where it is unknown. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Finding } from '#weir/assertions/index.ts'
import type { AskedPort, NetworkEvent, RecordEvent, TrialEvent } from '#weir/facts/index.ts'
import { fleetOf, type RunRecord, recordOf } from '#weir/record/index.ts'
import { saysOf } from './honest-run.ts'
import { podEvent, S } from './made-events.ts'
import { parameters } from './made-run.ts'

const TRIGGER = 20 * S
const SERVICE = 'emqx-external'
const TCP: AskedPort = { listener: 'mqtt-tcp', name: 'mqtt-tcp', target: 1883, port: 1883 }
const SSL: AskedPort = { listener: 'mqtt-ssl', name: 'mqtt-ssl', target: 8883, port: 18883 }
const BALANCED = { loadBalancer: { ingress: [{ ip: '10.0.0.9' }] } }

interface Seen {
  /** Seconds after the change. */
  at: number
  gone?: true
  type?: string
  ports?: object[]
  annotations?: Record<string, string>
  status?: object
}

interface Change {
  asked?: Partial<NetworkEvent>
  seen?: Seen[]
  trials?: Partial<TrialEvent>[]
  end?: number
  more?: RecordEvent[]
}

const nodePorts = [
  { name: 'mqtt-tcp', port: 1883, targetPort: 1883, nodePort: 30_001 },
  { name: 'mqtt-ssl', port: 18_883, targetPort: 8883, nodePort: 30_002 },
]
const right: Seen = { at: 0.2, type: 'NodePort', ports: nodePorts }

function service({ at, gone, type, ports, annotations, status }: Seen): RecordEvent {
  const object = { metadata: { annotations }, spec: { type, ports }, status }
  const event = gone ? 'DELETED' : 'MODIFIED'
  return { t: TRIGGER + at * S, type: 'watch', kind: 'Service', event, name: SERVICE, object }
}

const trial = (changes: Partial<TrialEvent> = {}, i = 0): RecordEvent => ({
  ...{ t: TRIGGER + (2 + i) * S, type: 'trial', kind: 'node-port', host: '10.0.0.1', port: 30_001 },
  ...{ service: SERVICE, what: 'mqtt-tcp', outcome: 'served', tookNs: 1e6 },
  // A port of the Service is named after its listener.
  name: changes.what ?? 'mqtt-tcp',
  ...changes,
})

const SERVED: Partial<TrialEvent>[] = [{}, { port: 30_002, what: 'mqtt-ssl' }]

function made({ asked, seen = [right], trials = SERVED, end = 100, more = [] }: Change): RunRecord {
  const network: NetworkEvent = {
    ...{ t: TRIGGER + 1, type: 'network', service: SERVICE, by: 'weir', network: 'NodePort', tookNs: 1 },
    ...{ ports: [TCP, SSL], annotations: {}, removed: [], otherAnnotations: false },
    ...asked,
  }
  const events: RecordEvent[] = [
    podEvent('blue-0', 0.5 * S),
    { t: TRIGGER, type: 'mark', name: 'trigger' },
    network,
    ...seen.map(service),
    ...trials.map(trial),
    ...more,
    { t: TRIGGER + end * S, type: 'mark', name: 'fleet-stopping' },
  ]
  return recordOf({
    parameters: parameters({ clients: 0, nodes: 1 }),
    manifest: { end: { t: TRIGGER + end * S, how: 'completed' } },
    fleet: fleetOf(0, []),
    clients: [],
    events: events.sort((a, b) => a.t - b.t),
    scrapes: [],
  })
}

type Id = 'exposure' | 'service-as-asked'
const says = (change: Change, id: Id): Finding => saysOf(made(change), id)

const balancer: Partial<NetworkEvent> = { network: 'LoadBalancer', annotations: { spec: 'small' } }
const balanced: Seen = {
  ...right,
  type: 'LoadBalancer',
  annotations: { spec: 'small', clouds: 'own' },
  status: BALANCED,
}
const back: Partial<NetworkEvent> = { network: 'ClusterIP', ports: [] }
const INSIDE: Partial<TrialEvent> = {
  ...{ kind: 'cluster-ip', host: '10.1.0.1', port: 1883, service: 'emqx-listeners' },
}
const INSIDE_BEFORE: Partial<TrialEvent> = { ...INSIDE, t: TRIGGER - S }
const closed: Partial<TrialEvent>[] = SERVED.map((one) => ({ ...one, outcome: 'closed' }))
const onBalancer = (changes: Partial<TrialEvent>): Partial<TrialEvent> => ({
  ...{ kind: 'load-balancer', host: '10.0.0.9' },
  ...changes,
})
const BALANCED_TRIALS = [
  onBalancer({ port: 1883 }),
  onBalancer({ port: 18_883, what: 'mqtt-ssl' }),
  onBalancer({ port: 18_083, what: 'management', service: undefined, outcome: 'closed' }),
]

/** [what, change, assertion] */
const GREEN: [string, Change, Id][] = [
  ['two listeners at node ports', {}, 'exposure'],
  ['two listeners at node ports', {}, 'service-as-asked'],
  ['a load balancer', { asked: balancer, seen: [balanced], trials: BALANCED_TRIALS }, 'exposure'],
  ['an annotation that the cloud adds', { asked: balancer, seen: [balanced] }, 'service-as-asked'],
  [
    'node ports that a load balancer has besides',
    {
      asked: balancer,
      trials: [...BALANCED_TRIALS, { outcome: 'closed' }, { port: 30_002, what: 'mqtt-ssl' }],
    },
    'exposure',
  ],
  ['back: nothing is reached any more', { asked: back, trials: closed }, 'exposure'],
  ['back: the Service is gone', { asked: back, seen: [right, { at: 1, gone: true }] }, 'service-as-asked'],
  [
    'one node beyond a firewall, while another serves the same',
    { trials: [...SERVED, { host: '192.0.2.1', outcome: 'closed', why: 'no answer' }] },
    'exposure',
  ],
  ['closed at first, and served then', { trials: [{ outcome: 'closed' }, ...SERVED] }, 'exposure'],
  [
    "clients inside, through the operator's Service",
    { trials: [INSIDE_BEFORE, ...SERVED, INSIDE] },
    'exposure',
  ],
  [
    'a cluster IP that was never reached from here',
    { trials: [...SERVED, { ...INSIDE, outcome: 'closed', why: 'no answer' }] },
    'exposure',
  ],
  [
    'a node without a pod, under the policy Local',
    {
      asked: { externalTrafficPolicy: 'Local' },
      trials: [...SERVED, { host: '10.0.0.2', outcome: 'closed', why: 'ECONNREFUSED' }],
    },
    'exposure',
  ],
  [
    'an address from before, which is gone',
    {
      trials: [
        { t: TRIGGER - S, port: 30_009 },
        ...SERVED,
        { port: 30_009, isPast: true, outcome: 'closed' },
      ],
    },
    'exposure',
  ],
  [
    'back, while another Service shows something',
    {
      asked: back,
      trials: [
        ...closed,
        { service: 'emqx-dashboard', what: 'management', port: 30_003, outcome: 'answered' },
      ],
    },
    'exposure',
  ],
]

for (const [what, change, id] of GREEN)
  test(`${id} holds: ${what}`, () => {
    const { outcome, sentence } = says(change, id)
    assert.is(outcome, 'pass', sentence)
  })

/** [what, change, assertion, what is said] */
const RED: [string, Change, Id, RegExp][] = [
  [
    'a listener that is refused',
    { trials: [{}, { port: 30_002, what: 'mqtt-ssl', outcome: 'closed', why: 'ECONNREFUSED' }] },
    'exposure',
    /^mqtt-ssl at 10\.0\.0\.1:30002 \(node port of Service emqx-external\) did not serve clients: nothing accepted the connection \(ECONNREFUSED\)\.$/,
  ],
  [
    'the dashboard beside it',
    { trials: [...SERVED, { port: 30_003, what: 'management', outcome: 'answered', why: 'HTTP 200' }] },
    'exposure',
    /^EMQX's management at 10\.0\.0\.1:30003 .* was reached from outside, though nobody asked for it/,
  ],
  [
    'a listener that nobody asked for',
    { trials: [...SERVED, { port: 30_004, what: 'mqtt-ws' }] },
    'exposure',
    /^mqtt-ws at .* was reached from outside/,
  ],
  [
    'back, and still reached',
    { asked: back, trials: SERVED },
    'exposure',
    /was reached from outside.*1 other address/,
  ],
  [
    'an address from before that still serves',
    { trials: [...SERVED, { port: 30_009, isPast: true }] },
    'exposure',
    /^mqtt-tcp at 10\.0\.0\.1:30009 .* was reached from outside/,
  ],
  [
    'silence at one port of a host that answers at another',
    { trials: [{}, { port: 30_002, what: 'mqtt-ssl', outcome: 'closed', why: 'no answer' }] },
    'exposure',
    /^mqtt-ssl at .* did not serve clients/,
  ],
  [
    "EMQX's own port of the operator's Service, beside the one that was asked for",
    { trials: [...SERVED, { port: 30_007, name: 'mqtt-tcp-1883' }] },
    'exposure',
    /^mqtt-tcp at 10\.0\.0\.1:30007 .* was reached from outside/,
  ],
  [
    'clients inside who are not served any more',
    { trials: [INSIDE_BEFORE, ...SERVED, { ...INSIDE, outcome: 'closed', why: 'ECONNREFUSED' }] },
    'exposure',
    /^mqtt-tcp at 10\.1\.0\.1:1883 \(cluster IP of Service emqx-listeners\) did not serve/,
  ],
  [
    'another type',
    { seen: [{ ...right, type: 'ClusterIP' }] },
    'service-as-asked',
    /^Service emqx-external was of type ClusterIP, not NodePort 100 s after the change\.$/,
  ],
  [
    'another type, and why',
    {
      seen: [{ ...right, type: 'ClusterIP' }],
      more: [
        {
          ...{ t: TRIGGER + S, type: 'watch', kind: 'Event', event: 'ADDED', name: 'e' },
          object: { type: 'Warning', message: 'provided port is already allocated' },
        },
      ],
    },
    'service-as-asked',
    /Kubernetes has a warning: provided port is already allocated/,
  ],
  ['no Service at all', { seen: [] }, 'service-as-asked', /^There was no Service emqx-external/],
  [
    'another target',
    { seen: [{ ...right, ports: [{ ...nodePorts[0], targetPort: 1884 }, nodePorts[1]!] }] },
    'service-as-asked',
    /^Port mqtt-tcp of Service emqx-external had targetPort 1884 instead of 1883/,
  ],
  [
    'a node port other than asked for',
    { asked: { ports: [{ ...TCP, nodePort: 30_010 }] } },
    'service-as-asked',
    /had nodePort 30001 instead of 30010/,
  ],
  [
    'an annotation that is lost',
    { asked: balancer, seen: [{ ...balanced, annotations: {} }], end: 400 },
    'service-as-asked',
    /had annotation spec not at all/,
  ],
  [
    'an annotation that stays',
    { asked: { ...balancer, annotations: {}, removed: ['spec'] }, seen: [balanced] },
    'service-as-asked',
    /^Annotation spec of Service emqx-external was taken away, and still there/,
  ],
  [
    'a load balancer that never comes',
    { asked: balancer, seen: [{ ...balanced, status: undefined }] as unknown as Seen[], end: 301 },
    'service-as-asked',
    /had no address of a load balancer/,
  ],
  [
    'too late',
    { seen: [{ ...right, at: 61 }] },
    'service-as-asked',
    /as asked only 61\.0 s after the change/,
  ],
  ['not gone', { asked: back }, 'service-as-asked', /was still there/],
  [
    'as asked, and then no more',
    { seen: [right, { ...right, at: 50, type: 'ClusterIP' }] },
    'service-as-asked',
    /was of type ClusterIP/,
  ],
]

for (const [what, change, id, words] of RED)
  test(`${id} fails: ${what}`, () => {
    const { outcome, sentence } = says(change, id)
    assert.is(outcome, 'fail', sentence)
    assert.match(sentence, words)
  })

const gap: RecordEvent = { t: 40 * S, type: 'watch-gap', kind: 'Service', fromT: 30 * S, reason: 'cut' }

/** [what, change, assertion, what is said] */
const OPEN: [string, Change, Id, RegExp][] = [
  ['nothing was tried', { trials: [] }, 'exposure', /no address was tried/],
  [
    'silence of every node',
    { trials: SERVED.map((one) => ({ ...one, outcome: 'closed', why: 'no answer' })) },
    'exposure',
    /none of 2 addresses ever gave an answer to this machine/,
  ],
  [
    'no node that was tried has a pod, under the policy Local',
    {
      asked: { externalTrafficPolicy: 'Local' },
      trials: SERVED.map((one) => ({ ...one, outcome: 'closed', why: 'ECONNREFUSED' })),
    },
    'exposure',
    /with externalTrafficPolicy Local only those with a pod do/,
  ],
  ['a listener that was not tried', { trials: [{}] }, 'exposure', /no address of mqtt-ssl was tried/],
  [
    'EMQX refuses the client',
    { trials: [{ outcome: 'denied', why: 'CONNACK 0x05' }] },
    'exposure',
    /did not let weir's client in \(CONNACK 0x05\)/,
  ],
  [
    'a port of the load balancer that no Service names',
    {
      asked: balancer,
      trials: [...BALANCED_TRIALS, onBalancer({ port: 8084, what: 'mqtt-wss', service: undefined })],
    },
    'exposure',
    /no Service of the cluster names/,
  ],
  [
    'back, and no address from before',
    { asked: back, trials: [{ kind: 'cluster-ip' }] },
    'exposure',
    /from before/,
  ],
  [
    'the load balancer has no address that could be tried',
    { asked: balancer, trials: [{ kind: 'cluster-ip' }] },
    'exposure',
    /no address of mqtt-tcp was tried/,
  ],
  [
    'the record ends before the time is over',
    { seen: [{ ...right, type: 'ClusterIP' }], end: 30 },
    'service-as-asked',
    /ends before the time is over \(Service emqx-external was of type/,
  ],
  ['the watch was lost', { more: [gap] }, 'service-as-asked', /watch of Services was lost/],
]

for (const [what, change, id, words] of OPEN)
  test(`${id} is open: ${what}`, () => {
    const { outcome, sentence } = says(change, id)
    assert.is(outcome, 'inconclusive', sentence)
    assert.match(sentence, words)
  })

test('without a change of the network neither says anything', () => {
  for (const id of ['exposure', 'service-as-asked'] as const) {
    const record = made({})
    const events = record.events.filter(({ type }) => type !== 'network')
    assert.is(saysOf({ ...record, events }, id).outcome, 'inconclusive')
  }
})

test.run()
