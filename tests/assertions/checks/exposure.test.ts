/** What clients reach from outside after a change of the network, and nothing else: green on the honest record, red on each breach, open where it is unknown. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { saysOf } from './honest-run.ts'
import { S } from './made-events.ts'
import {
  BALANCED_TRIALS,
  back,
  balanced,
  balancer,
  type Change,
  closed,
  INSIDE,
  INSIDE_BEFORE,
  made,
  onBalancer,
  SERVED,
  TRIGGER,
} from './made-network.ts'

const says = (change: Change) => saysOf(made(change), 'exposure')

/** [what, change] */
const GREEN: [string, Change][] = [
  ['two listeners at node ports', {}],
  ['a load balancer', { asked: balancer, seen: [balanced], trials: BALANCED_TRIALS }],
  [
    'node ports that a load balancer has besides',
    {
      asked: balancer,
      trials: [...BALANCED_TRIALS, { outcome: 'closed' }, { port: 30_002, what: 'mqtt-ssl' }],
    },
  ],
  ['back: nothing is reached any more', { asked: back, trials: closed }],
  [
    'one node beyond a firewall, while another serves the same',
    { trials: [...SERVED, { host: '192.0.2.1', outcome: 'closed', why: 'no answer' }] },
  ],
  ['closed at first, and served then', { trials: [{ outcome: 'closed' }, ...SERVED] }],
  ["clients inside, through the operator's Service", { trials: [INSIDE_BEFORE, ...SERVED, INSIDE] }],
  [
    'a cluster IP that was never reached from here',
    { trials: [...SERVED, { ...INSIDE, outcome: 'closed', why: 'no answer' }] },
  ],
  [
    'a node without a pod, under the policy Local',
    {
      asked: { externalTrafficPolicy: 'Local' },
      trials: [...SERVED, { host: '10.0.0.2', outcome: 'closed', why: 'ECONNREFUSED' }],
    },
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
  ],
]

for (const [what, change] of GREEN)
  test(`it holds: ${what}`, () => {
    const { outcome, sentence } = says(change)
    assert.is(outcome, 'pass', sentence)
  })

/** [what, change, what is said] */
const RED: [string, Change, RegExp][] = [
  [
    'a listener that is refused',
    { trials: [{}, { port: 30_002, what: 'mqtt-ssl', outcome: 'closed', why: 'ECONNREFUSED' }] },
    /^mqtt-ssl at 10\.0\.0\.1:30002 \(node port of Service emqx-external\) did not serve clients: nothing accepted the connection \(ECONNREFUSED\)\.$/,
  ],
  [
    'the dashboard beside it',
    { trials: [...SERVED, { port: 30_003, what: 'management', outcome: 'answered', why: 'HTTP 200' }] },
    /^EMQX's management at 10\.0\.0\.1:30003 .* was reached from outside, though nobody asked for it/,
  ],
  [
    'a listener that nobody asked for',
    { trials: [...SERVED, { port: 30_004, what: 'mqtt-ws' }] },
    /^mqtt-ws at .* was reached from outside/,
  ],
  ['back, and still reached', { asked: back, trials: SERVED }, /was reached from outside.*1 other address/],
  [
    'an address from before that still serves',
    { trials: [...SERVED, { port: 30_009, isPast: true }] },
    /^mqtt-tcp at 10\.0\.0\.1:30009 .* was reached from outside/,
  ],
  [
    'silence at one port of a host that answers at another',
    { trials: [{}, { port: 30_002, what: 'mqtt-ssl', outcome: 'closed', why: 'no answer' }] },
    /^mqtt-ssl at .* did not serve clients/,
  ],
  [
    "EMQX's own port of the operator's Service, beside the one that was asked for",
    { trials: [...SERVED, { port: 30_007, name: 'mqtt-tcp-1883' }] },
    /^mqtt-tcp at 10\.0\.0\.1:30007 .* was reached from outside/,
  ],
  [
    'clients inside who are not served any more',
    { trials: [INSIDE_BEFORE, ...SERVED, { ...INSIDE, outcome: 'closed', why: 'ECONNREFUSED' }] },
    /^mqtt-tcp at 10\.1\.0\.1:1883 \(cluster IP of Service emqx-listeners\) did not serve/,
  ],
]

for (const [what, change, words] of RED)
  test(`it fails: ${what}`, () => {
    const { outcome, sentence } = says(change)
    assert.is(outcome, 'fail', sentence)
    assert.match(sentence, words)
  })

/** [what, change, what is said] */
const OPEN: [string, Change, RegExp][] = [
  ['nothing was tried', { trials: [] }, /no address was tried/],
  [
    'silence of every node',
    { trials: SERVED.map((one) => ({ ...one, outcome: 'closed', why: 'no answer' })) },
    /none of 2 addresses ever gave an answer to this machine/,
  ],
  [
    'no node that was tried has a pod, under the policy Local',
    {
      asked: { externalTrafficPolicy: 'Local' },
      trials: SERVED.map((one) => ({ ...one, outcome: 'closed', why: 'ECONNREFUSED' })),
    },
    /with externalTrafficPolicy Local only those with a pod do/,
  ],
  ['a listener that was not tried', { trials: [{}] }, /no address of mqtt-ssl was tried/],
  [
    'EMQX refuses the client',
    { trials: [{ outcome: 'denied', why: 'CONNACK 0x05' }] },
    /did not let weir's client in \(CONNACK 0x05\)/,
  ],
  [
    'a port of the load balancer that no Service names',
    {
      asked: balancer,
      trials: [...BALANCED_TRIALS, onBalancer({ port: 8084, what: 'mqtt-wss', service: undefined })],
    },
    /no Service of the cluster names/,
  ],
  ['back, and no address from before', { asked: back, trials: [{ kind: 'cluster-ip' }] }, /from before/],
  [
    'the load balancer has no address that could be tried',
    { asked: balancer, trials: [{ kind: 'cluster-ip' }] },
    /no address of mqtt-tcp was tried/,
  ],
]

for (const [what, change, words] of OPEN)
  test(`it is open: ${what}`, () => {
    const { outcome, sentence } = says(change)
    assert.is(outcome, 'inconclusive', sentence)
    assert.match(sentence, words)
  })

test('without a change of the network it says nothing', () => {
  const record = made({})
  const events = record.events.filter(({ type }) => type !== 'network')
  assert.is(saysOf({ ...record, events }, 'exposure').outcome, 'inconclusive')
})

test.run()
