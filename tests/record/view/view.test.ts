import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ListingEvent, RecordEvent } from '#weir/facts/index.ts'
import type { ClientEventRow } from '#weir/record/index.ts'
import { listing, mark, pod, S, two, viewed } from './small-record.ts'

test('connections run from CONNACK to their end, client by client', () => {
  const view = viewed(
    [
      { t: 1 * S, client: 1, kind: 'attempt' },
      { t: 2 * S, client: 1, kind: 'connected', code: 0, sessionPresent: false },
      { t: 3 * S, client: 0, kind: 'connected', code: 0, sessionPresent: true },
      { t: 4 * S, client: 1, kind: 'disconnected', reason: 'disconnect-packet', code: 0x9c },
      { t: 5 * S, client: 1, kind: 'attempt' },
      { t: 5.1 * S, client: 1, kind: 'refused', reason: 'connack', code: 0x9c },
      { t: 5.2 * S, client: 1, kind: 'disconnected', reason: 'closed' },
      { t: 6 * S, client: 1, kind: 'attempt' },
      { t: 6.1 * S, client: 1, kind: 'failed', reason: 'connection-refused' },
      { t: 7 * S, client: 1, kind: 'connected', code: 0, sessionPresent: true },
      { t: 8 * S, client: 0, kind: 'left' },
    ],
    [mark('trigger', 3.5 * S)],
  )
  const { connections, evictions, spells } = view
  assert.equal([...connections.firstOf], [0, 1, 3, 3])
  assert.equal([...connections.from], [3 * S, 2 * S, 7 * S])
  assert.equal([...connections.attemptT], [3 * S, 1 * S, 6 * S])
  assert.equal([...connections.to], [8 * S, 4 * S, Number.POSITIVE_INFINITY])
  assert.equal([...connections.end], [2, 1, 0])
  assert.equal([...connections.endCode], [-1, 0x9c, -1])
  // The close after the refusing CONNACK is no eviction.
  assert.equal([evictions.length, evictions.t[0], evictions.client[0]], [1, 4 * S, 1])
  assert.equal([spells.length, spells.from[0], spells.to[0]], [1, 4 * S, 7 * S])
  assert.equal([spells.refusals[0], spells.failures[0], spells.away[0]], [1, 1, 0])
  assert.equal([...view.attempts], [5 * S, 6 * S])
})

test('what ends before the trigger or with the fleet is no eviction', () => {
  const view = viewed(
    [0, 1, 2].flatMap((client) => [
      { t: client * S, client, kind: 'connected' as const },
      { t: (10 + client * 10) * S, client, kind: 'disconnected' as const, reason: 'closed' },
    ]),
    [mark('trigger', 15 * S), mark('fleet-stopping', 25 * S)],
  )
  assert.equal([...view.evictions.client], [1])
  assert.equal([...view.lossesBeforeTrigger.client], [0])
  assert.is(view.spells.length, 2)
})

test('a connection to a pod’s own address is that pod’s', () => {
  const view = viewed(
    [
      { t: 1 * S, client: 0, kind: 'connected', target: '10.0.0.2:1883' },
      { t: 1 * S, client: 1, kind: 'connected', target: '10.0.0.1:1883' },
      { t: 1 * S, client: 2, kind: 'connected', target: '127.0.0.1:32010' },
    ],
    two,
  )
  assert.equal([...view.connections.node], [1, 0, -1])
  assert.ok(Math.abs(view.connections.unknownShare - 1 / 3) < 1e-9)
})

test('a listing tells only of the connection that covers it from question to answer', () => {
  const clients: ClientEventRow[] = [
    { t: 1 * S, client: 0, kind: 'connected' },
    { t: 5 * S, client: 0, kind: 'disconnected', reason: 'closed' },
    { t: 6 * S, client: 0, kind: 'connected' },
  ]
  const nodes = (...listings: ListingEvent[]) => [...viewed(clients, [...two, ...listings]).connections.node]
  assert.equal(nodes(listing('blue-0', 2 * S, 3 * S, ['c0'])), [0, -1])
  assert.equal(nodes(listing('blue-0', 4.9 * S, 5.1 * S, ['c0'])), [-1, -1])
  assert.equal(nodes(listing('blue-0', 5.9 * S, 6.1 * S, ['c0'])), [-1, -1])
  assert.equal(nodes(listing('blue-1', 6.5 * S, 7 * S, ['c0', 'somebody-else'])), [-1, 1])
})

test('listings that contradict each other leave the connection unknown, and are named', () => {
  const view = viewed(
    [{ t: 1 * S, client: 0, kind: 'connected' }],
    [
      ...two,
      listing('blue-0', 2 * S, 3 * S, ['c0']),
      listing('blue-1', 4 * S, 5 * S, ['c0']),
      listing('blue-0', 6 * S, 7 * S, ['c0']),
    ],
  )
  assert.equal([...view.connections.node], [-1])
  assert.equal(view.listedTwice, [{ connection: 0, nodes: [0, 1], lastAskedT: [6 * S, 4 * S] }])
})

const evacuation = (t: number, states: Record<string, string>): RecordEvent => ({
  t,
  type: 'evacuation',
  via: 'green-0',
  tookNs: 0.1 * S,
  evacuations: Object.entries(states).map(([name, state]) => ({
    node: `emqx@${name}`,
    state: state as 'prohibiting',
    connectionEvictionRate: 10,
    sessionEvictionRate: 10,
    recipients: [],
    initialConnected: 1,
    initialSessions: 1,
    currentConnected: 0,
    currentSessions: 0,
  })),
})

test('states of an evacuation begin between the last question without them and the first answer with them', () => {
  const view = viewed(
    [],
    [
      ...two,
      evacuation(1 * S, {}),
      evacuation(2 * S, { 'blue-1': 'evicting_conns' }),
      evacuation(3 * S, { 'blue-1': 'evicting_conns' }),
      evacuation(4 * S, {}),
      evacuation(5 * S, { 'blue-1': 'waiting_takeover' }),
      evacuation(6 * S, { 'blue-1': 'prohibiting' }),
      evacuation(7 * S, {}),
      evacuation(8 * S, { 'blue-1': 'evicting_conns' }),
    ],
  )
  const [first, second, ...others] = view.evacuations
  assert.is(others.length, 0)
  assert.equal(
    first!.states.map((one) => [one.state, one.notBeforeT, one.seenT, one.lastSeenT]),
    [
      ['evicting_conns', 0.9 * S, 2 * S, 3 * S],
      ['waiting_takeover', 3.9 * S, 5 * S, 5 * S],
      ['prohibiting', 4.9 * S, 6 * S, 6 * S],
    ],
  )
  assert.equal([first!.goneT, second!.firstSeenT], [7 * S, 8 * S])
})

test('the first eviction is one by a node that evacuates, or whose pod is being deleted', () => {
  const clients: ClientEventRow[] = [0, 1].flatMap((client) => [
    { t: 1 * S, client, kind: 'connected' as const, target: `10.0.0.${client + 1}:1883` },
    { t: (6 + client) * S, client, kind: 'disconnected' as const, reason: 'closed' },
  ])
  const moments = (...events: RecordEvent[]) =>
    viewed(clients, [...two, mark('trigger', 5 * S), ...events]).moments
  const first = (...events: RecordEvent[]) => moments(...events).firstEviction
  assert.is(first(), undefined)
  assert.is(first(evacuation(5.5 * S, {}), evacuation(6.5 * S, { 'blue-1': 'evicting_conns' })), 7 * S)
  assert.is(first(evacuation(6.5 * S, { 'blue-1': 'waiting_health_check' })), undefined)
  assert.is(first(pod('blue-0', 6.1 * S, { ip: '10.0.0.1', deleting: true })), 6 * S)
  const late = [evacuation(9 * S, {}), evacuation(9.5 * S, { 'blue-1': 'evicting_conns' })]
  assert.is(first(evacuation(6.5 * S, {}), ...late), 9.5 * S)
  // Nobody knows which nodes were evacuated in the four seconds without a sample.
  const { firstEviction, firstEvictionUnseen } = moments(...late)
  assert.equal([firstEviction, firstEvictionUnseen], [6 * S, true])
})

test('a watch is blind where its gap overlaps', () => {
  const gap = (t: number, kind = 'Pod') =>
    ({ t: t * S, type: 'watch-gap', kind, fromT: 3 * S, reason: 'closed' }) as const
  const view = viewed([], [gap(4), gap(5)])
  assert.is(view.blind('Pod', 4 * S, 9 * S), true)
  assert.is(view.blind('Pod', 6 * S, 9 * S), false)
  assert.is(view.blind('Service', 4 * S, 9 * S), false)
  const lost = viewed([], [gap(4), gap(4, 'Service'), gap(5, 'Service')])
  assert.is(lost.blind('Pod', 100 * S, 101 * S), true, 'a gap without an end lasts')
  assert.is(lost.blind('Service', 100 * S, 101 * S), false)
  const resumed = viewed([], [gap(4), { ...gap(5), unchanged: true }])
  assert.is(resumed.blind('Pod', 4 * S, 9 * S), false, 'nothing happened in it')
})

test('parameters that were never resolved are not invented', () => {
  const view = viewed([], [])
  assert.is(view.hasParameters, false)
  assert.throws(() => view.parameters, /parameters/)
})

/** Per client a random life; the columns must say the same as a walk through its own events. */
test('columns agree with a walk through each client’s own events', () => {
  const kinds = ['attempt', 'connected', 'refused', 'failed', 'disconnected', 'left', 'away'] as const
  const rows = fc.array(
    fc.record({
      t: fc.integer({ min: 0, max: 1000 }).map((t) => t * 1e6),
      client: fc.integer({ min: 0, max: 3 }),
      kind: fc.constantFrom(...kinds),
    }),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(rows, (clients) => {
      const view = viewed(clients, [mark('trigger', 0)], 4)
      const sorted = [...clients].sort((a, b) => a.t - b.t)
      for (let client = 0; client < 4; client++) {
        const expected: [number, number][] = []
        let open = false
        for (const row of sorted.filter((one) => one.client === client)) {
          if (row.kind === 'connected') {
            if (open) expected.at(-1)![1] = row.t
            expected.push([row.t, Number.POSITIVE_INFINITY])
            open = true
          } else if ((row.kind === 'disconnected' || row.kind === 'left') && open) {
            expected.at(-1)![1] = row.t
            open = false
          }
        }
        const first = view.connections.firstOf[client]!
        const found = expected.map((_, i) => [
          view.connections.from[first + i],
          view.connections.to[first + i],
        ])
        assert.is(view.connections.firstOf[client + 1]! - first, expected.length)
        assert.equal(found, expected)
      }
      assert.is(view.spells.length, view.evictions.length)
    }),
  )
})

test.run()
