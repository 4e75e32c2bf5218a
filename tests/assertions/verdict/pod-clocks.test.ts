/** What lies within the error of the pods' clocks makes no failure. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { podClocks } from '#weir/assertions/evidence/fleet-clock.ts'
import { otherPodClocks } from '#weir/assertions/verdict/fleet-readings.ts'
import { readingsOf } from '#weir/assertions/verdict/readings.ts'
import type { RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { S, withEvents } from '../checks/honest-run.ts'
import { madeRun } from '../checks/made-run.ts'

const ERRORS_MS = [20, 5]
const EVERY_S = 5
/** Halfway between two comparisons a clock may have parted by a thousandth of the time since the nearer one. */
const DRIFT_MS = (EVERY_S * 1000) / 2 / 1000

/** The run, of a fleet in two pods whose clocks nobody knows better than that. */
function inPods(errorsMs: readonly number[], everyS = EVERY_S): RunRecord {
  const events = errorsMs.flatMap((errorMs, shard): RecordEvent[] => {
    const pod = `weir-fleet-x-${shard}`
    const reading = { tookNs: 2e6 * errorMs, trips: 7, aheadMs: 0, errorMs }
    return [
      { t: 0, type: 'fleet-pod', pod, phase: 'running', shards: [shard], of: 2 },
      ...Array.from(
        { length: 200 / everyS },
        (_, i): RecordEvent => ({ t: i * everyS * S, type: 'fleet-clock', pod, ...reading }),
      ),
    ]
  })
  return withEvents(madeRun(), ...events)
}

test('the clients of each pod are moved by its own error, in every way, and stay in order of time', () => {
  const record = inPods(ERRORS_MS)
  const first = (of: RunRecord['clients'], client: number) => of.t[of.client.indexOf(client)]!
  const moves = otherPodClocks(viewOf(record)).map(({ clients: make, errorMs }) => {
    const clients = make()
    assert.is(errorMs, 20 + DRIFT_MS)
    assert.is(clients.length, record.clients.length)
    assert.ok(clients.t.every((t, row) => row === 0 || t >= clients.t[row - 1]!))
    return [4, 7].map(
      (client) => Math.round((first(clients, client) - first(record.clients, client)) / 1e5) / 10,
    )
  })
  const [first4, first7] = ERRORS_MS.map((ms) => ms + DRIFT_MS) as [number, number]
  assert.equal(moves, [
    [first4, first7],
    [-first4, -first7],
    [first4, -first7],
    [-first4, first7],
  ])
})

test('clocks that are known make no other reading, and neither does a fleet in one process', () => {
  assert.equal(otherPodClocks(viewOf(inPods([0.2, 0.1], 0.5))), [])
  assert.equal(otherPodClocks(viewOf(madeRun())), [])
  const whys = readingsOf(viewOf(inPods(ERRORS_MS))).map(({ why }) => why)
  assert.is(whys.filter((why) => why.startsWith("the clocks of the fleet's pods")).length, 4)
})

/** The errors of pods whose one clock is compared at these seconds, in [0 s, 60 s]. */
const errorOf = (readings: readonly { s: number; aheadMs: number; errorMs: number }[], toS = 60) => {
  const pod = 'weir-fleet-x-0'
  const events = readings.map(
    ({ s, aheadMs, errorMs }): RecordEvent => ({
      ...{ t: s * S, type: 'fleet-clock', pod, tookNs: 2e6 * errorMs, trips: 7 },
      ...{ aheadMs, errorMs },
    }),
  )
  const running = { t: 0, type: 'fleet-pod', pod, phase: 'running', shards: [0], of: 1 } as const
  const run = viewOf(withEvents({ ...madeRun(), events: [] }, running, ...events))
  return podClocks(run, 0, toS * S)[0]!.errorMs
}

test('a clock may have drifted between two comparisons, most where they are far apart', () => {
  const known = (s: number) => ({ s, aheadMs: 0, errorMs: 1 })
  assert.is(errorOf([0, 5, 10, 15].map(known), 15), 3.5)
  assert.is(errorOf([0, 5, 45, 50].map(known), 50), 21, 'a path that was broken for 40 s')
  assert.is(errorOf([20].map(known)), 41, 'before the first, and after the last')
})

test('a drift that comparisons show is not talked away by the ones near it', () => {
  const seen = errorOf(
    [0, 5, 10, 15, 20].map((s) => ({ s, aheadMs: s === 10 ? 90 : 0, errorMs: 1 })),
    20,
  )
  assert.ok(seen >= 89 && seen <= 91 + 5, `${seen} ms, and it was seen 89 to 91 ms off`)
})

test('a drift around a slow comparison counts before it and after it', () => {
  const readings = [
    { s: 0, aheadMs: 0, errorMs: 1 },
    { s: 5, aheadMs: 50, errorMs: 100 },
    { s: 10, aheadMs: 100, errorMs: 1 },
  ]
  for (const toS of [5, 10]) {
    const seen = errorOf(readings, toS)
    assert.ok(seen >= 94 && seen <= 150, `${seen} ms up to ${toS} s: it was 99 ms off at 10 s at least`)
  }
})

test('a slow comparison between quick ones says nothing more, and nothing less, than they do', () => {
  const slow = [0, 5, 10, 15, 20].map((s) => ({ s, aheadMs: 0, errorMs: s === 10 ? 400 : 1 }))
  assert.is(errorOf(slow, 20), 6)
})

test.run()
