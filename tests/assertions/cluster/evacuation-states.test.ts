import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EvacuationState, RecordEvent, RunRecord } from '#weir/record/index.ts'
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

test.run()
