import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Evacuation, Parameters as RunParameters } from '#weir/facts/index.ts'
import { EvacuationsSeen } from '#weir/scenarios/run/evacuations-seen.ts'
import { evacuationSecondsLeft, stepSecondsLeft } from '#weir/scenarios/run/time-left.ts'

const evacuation = (state: Evacuation['state'], parts: Partial<Evacuation> = {}): Evacuation => ({
  ...{ node: 'a', state, connectionEvictionRate: 10, sessionEvictionRate: 20, recipients: [] },
  ...{ initialConnected: 1000, initialSessions: 1000, currentConnected: 574, currentSessions: 400 },
  ...parts,
})

const WAITS = { healthCheckSeconds: 60, takeoverSeconds: 30, pollSeconds: 20 }
const left = (state: Evacuation['state'], stateSeconds = 0, later = 0, parts: Partial<Evacuation> = {}) =>
  evacuationSecondsLeft({ evacuation: evacuation(state, parts), stateSeconds, later }, WAITS)

test('what an evacuation still takes, by its state', () => {
  assert.is(left('waiting_health_check', 20), 40 + 57.4 + 30)
  assert.is(left('evicting_conns', 99), 57.4 + 30)
  assert.is(left('waiting_takeover', 12), 18)
  assert.is(left('waiting_takeover', 40), 0)
  assert.is(left('evicting_sessions'), 20)
  assert.is(left('prohibiting'), 0)
})

test('each later node takes its waits, its connections and a look of the operator', () => {
  assert.is(left('prohibiting', 0, 2), 2 * (60 + 100 + 30 + 20))
})

test('without a rate nothing is said', () => {
  assert.is(left('evicting_conns', 0, 0, { connectionEvictionRate: 0 }), undefined)
  assert.is(left('evicting_sessions', 0, 0, { sessionEvictionRate: 0 }), undefined)
})

test('a hold takes what is left of it, a fleet what its plan says, anything else nobody knows', () => {
  const arrival = () => 30
  assert.is(stepSecondsLeft({ hold: { seconds: 10 } }, 4, arrival), 6)
  const connected = { waitFor: 'fleet-connected', deadlineSeconds: 300 } as const
  assert.is(stepSecondsLeft(connected, 12, arrival), 30)
  for (const none of [() => -1, () => undefined]) assert.is(stepSecondsLeft(connected, 31, none), undefined)
  assert.is(stepSecondsLeft({ waitFor: 'upgraded', deadlineSeconds: 300 }, 1, arrival), undefined)
  assert.is(stepSecondsLeft(undefined, 1, arrival), undefined)
})

test('nodes of an update are counted as they come, and a state lasts from when it was seen', () => {
  let seconds = 0
  const parameters = {
    ...{ nodes: 3, pollIntervalSeconds: 20, waitTakeoverSeconds: 30 },
    dialect: { healthCheckWaitSeconds: 60, skipsEmptyNodes: false },
  } as unknown as RunParameters
  const run = {
    clock: { now: () => seconds * 1e9 },
    state: { phase: 'upgraded', parameters },
  } as unknown as Parameters<EvacuationsSeen['placeOf']>[1]
  const seen = new EvacuationsSeen()
  assert.is(seen.secondsLeftBetween(run), undefined, 'before the first')
  assert.equal(seen.placeOf(evacuation('waiting_takeover'), run), { number: 1, count: 3 })
  seconds = 10
  assert.is(seen.secondsLeft(evacuation('waiting_takeover'), run), 20 + 2 * (60 + 100 + 30 + 20))
  const second = evacuation('evicting_conns', { node: 'b' })
  assert.equal(seen.placeOf(second, run), { number: 2, count: 3 })
  assert.is(seen.secondsLeft(second, run), 57.4 + 30 + 210)
  seconds = 95
  assert.is(seen.secondsLeftBetween(run), 210 - 20, 'the operator should have looked by now')
  seconds = 15
  assert.is(seen.secondsLeftBetween(run), 210 - 5)
  for (const node of ['c', 'd']) seen.placeOf(evacuation('evicting_conns', { node }), run)
  assert.is(seen.placeOf(evacuation('evicting_conns', { node: 'd' }), run), undefined)
  assert.is(seen.secondsLeftBetween(run), undefined, 'after the last')
})

test.run()
