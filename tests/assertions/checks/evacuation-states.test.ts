import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EvacuationState, RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { changed, honestRun, S, saysOf } from './honest-run.ts'

const NODE = honestRun().events.flatMap((event) => (event.type === 'pod' ? [event.node] : []))[1] ?? ''

/** One evacuation, sampled at these seconds in these states; the answer comes 50 ms after the question. */
function sampled(
  samples: [second: number, state: EvacuationState, connected?: number][],
  wait = 5,
): RunRecord {
  const record = changed(honestRun(), (event) =>
    event.type === 'evacuation' || event.type === 'cr' ? undefined : event,
  )
  record.manifest.parameters!.waitTakeoverSeconds = wait
  const begin = record.events.find((event) => event.type === 'mark' && event.name === 'trigger')!.t + S
  const events = samples.map(([second, state, connected = 0]): RecordEvent => {
    const told = {
      node: NODE,
      state,
      connectionEvictionRate: 10,
      sessionEvictionRate: 10,
      recipients: [],
      initialConnected: 100,
      initialSessions: 100,
      currentConnected: connected,
      currentSessions: connected,
    }
    return { t: begin + second * S, type: 'evacuation', via: 'x', tookNs: 0.05 * S, evacuations: [told] }
  })
  return {
    ...record,
    events: [...record.events.filter((event) => event.type !== 'pod' || !event.deleting), ...events].sort(
      (a, b) => a.t - b.t,
    ),
  }
}

const every = (from: number, to: number, state: EvacuationState, step = 1) =>
  Array.from({ length: Math.round((to - from) / step) }, (_, i): [number, EvacuationState] => [
    from + i * step,
    state,
  ])

const says = (record: RunRecord) => saysOf(record, 'evacuation-states')

test('a wait of five seconds, sampled every second, passes', () => {
  const { outcome, sentence } = says(
    sampled([
      ...every(0, 10, 'evicting_conns'),
      ...every(10, 15, 'waiting_takeover'),
      ...every(15, 17, 'prohibiting'),
    ]),
  )
  assert.is(outcome, 'pass', sentence)
})

test('no wait at all fails, for in no place between two samples is there room for it', () => {
  const { outcome, sentence } = says(
    sampled([
      ...every(0, 10, 'evicting_conns'),
      ...every(10, 12, 'evicting_sessions'),
      ...every(12, 14, 'prohibiting'),
    ]),
  )
  assert.is(outcome, 'fail')
  assert.match(sentence, /waited at most 1\.\d s .*waitTakeover 5 s/)
})

test('W = 0 means 60 seconds to EMQX', () => {
  const short = [
    ...every(0, 3, 'evicting_conns'),
    ...every(3, 8, 'waiting_takeover'),
    ...every(8, 9, 'prohibiting'),
  ]
  const long = [
    ...every(0, 3, 'evicting_conns'),
    ...every(3, 63, 'waiting_takeover'),
    ...every(63, 65, 'prohibiting'),
  ]
  assert.is(says(sampled(short, 0)).outcome, 'fail')
  assert.is(says(sampled(long, 0)).outcome, 'pass')
})

test('a wait that is surely longer than W + 2 fails; one that may be is not failed', () => {
  const wait = (seconds: number) =>
    sampled([
      ...every(0, 3, 'evicting_conns'),
      ...every(3, 3 + seconds, 'waiting_takeover'),
      ...every(3 + seconds, 5 + seconds, 'prohibiting'),
    ])
  assert.is(says(wait(10)).outcome, 'fail')
  assert.is(says(wait(7)).outcome, 'pass')
})

test('samples too far apart leave it open, and say what would settle it', () => {
  const { outcome, settle } = says(
    sampled([
      ...every(0, 8, 'evicting_conns', 4),
      [8, 'waiting_takeover'],
      [12, 'waiting_takeover'],
      [16, 'prohibiting'],
    ]),
  )
  assert.is(outcome, 'inconclusive')
  assert.match(settle ?? '', /every second/)
})

test('a state shorter than a sample is not missed: no sessions to move, no evicting_sessions to see', () => {
  const { outcome } = says(
    sampled([...every(0, 5, 'evicting_conns'), ...every(5, 10, 'waiting_takeover'), [10, 'prohibiting']]),
  )
  assert.is(outcome, 'pass')
})

test('a wait of one second that no sample shows may have been none at all', () => {
  const { outcome, sentence } = says(
    sampled(
      [
        [0, 'evicting_conns'],
        [1, 'evicting_conns'],
        [2.2, 'evicting_sessions'],
        [3, 'prohibiting'],
      ],
      1,
    ),
  )
  assert.is(outcome, 'inconclusive')
  assert.match(
    sentence,
    /no sample shows .* in waiting_takeover: it may have waited up to 1\.3 s, or not at all/,
  )
})

test('an evacuation whose end is not seen is given without an end', () => {
  const { measured } = says(sampled([...every(0, 3, 'evicting_conns'), ...every(3, 6, 'waiting_takeover')]))
  assert.match(measured, /at least \d\.\d s$/, measured)
})

test('back to an earlier state fails when a second sample confirms it, and is open when one alone says so', () => {
  const states = (back: [number, EvacuationState][]) =>
    sampled([
      ...every(0, 3, 'evicting_conns'),
      ...every(3, 6, 'waiting_takeover'),
      ...back,
      ...every(8, 10, 'waiting_takeover'),
      [10, 'prohibiting'],
    ])
  const confirmed = says(states(every(6, 8, 'evicting_conns')))
  assert.is(confirmed.outcome, 'fail')
  assert.match(confirmed.sentence, /went back from waiting_takeover to evicting_conns/)
  assert.is(says(states([[6, 'evicting_conns']])).outcome, 'inconclusive')
})

test('an evacuation that the record does not follow to its end is open', () => {
  assert.is(
    says(sampled([...every(0, 3, 'evicting_conns'), ...every(3, 6, 'waiting_takeover')])).outcome,
    'inconclusive',
  )
  assert.is(says(sampled([])).outcome, 'inconclusive')
})

/** The same for a node that waits ten seconds for its health check. */
function withHealthCheck(record: RunRecord): RunRecord {
  const { parameters } = record.manifest
  const dialect = { ...parameters!.dialect, healthCheckWaitSeconds: 10 }
  return { ...record, manifest: { ...record.manifest, parameters: { ...parameters!, dialect } } }
}

const afterwards = (from: number): [number, EvacuationState][] => [
  ...every(from, from + 10, 'evicting_conns'),
  ...every(from + 10, from + 15, 'waiting_takeover'),
  ...every(from + 15, from + 17, 'prohibiting'),
]

const HEALTH: [seconds: number, outcome: string, why: string][] = [
  [0, 'fail', 'skipped'],
  [5, 'fail', 'cut short'],
  [10, 'pass', 'kept'],
  [12, 'pass', 'a little late'],
  [16, 'fail', 'longer than it should be'],
]

for (const [wait, outcome, why] of HEALTH)
  test(`a health check is waited for ${wait} s instead of ten: ${outcome} (${why})`, () => {
    const samples = [...every(0, wait, 'waiting_health_check'), ...afterwards(wait)]
    // The node is not yet evacuated half a second before.
    const record = withHealthCheck(sampled(samples))
    const before: RecordEvent = {
      t: record.events.find((event) => event.type === 'evacuation')!.t - 0.5 * S,
      type: 'evacuation',
      via: 'x',
      tookNs: 0.05 * S,
      evacuations: [],
    }
    const events = [...record.events, before].sort((a, b) => a.t - b.t)
    const finding = says({ ...record, events })
    assert.is(finding.outcome, outcome, finding.sentence)
    if (outcome === 'fail') assert.match(finding.sentence, /load balancers|waiting_health_check/)
  })

test('a node that loses clients while it says that it waits for its health check fails', () => {
  const samples = [...every(0, 10, 'waiting_health_check'), ...afterwards(10)]
  const record = withHealthCheck(sampled(samples))
  const trigger = record.events.find((event) => event.type === 'mark' && event.name === 'trigger')!.t
  const { clients } = record
  const lost = clients.kind.findIndex((_, i) => clients.t[i]! > trigger)
  assert.ok(lost > 0)
  // Everybody's loss within the wait: the honest run's evictions, two seconds after the wait began.
  const t = clients.t.slice()
  const shift = trigger + 3 * S - t[lost]!
  for (let i = lost; i < t.length; i++) t[i] = t[i]! + shift
  const finding = says({ ...record, clients: { ...clients, t } })
  assert.is(finding.outcome, 'fail', finding.sentence)
  assert.match(finding.sentence, /lost \d+ clients in the .* while it was only waiting/)
})

test.run()
