/** What lies within the error of the pods' clocks makes no failure. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { otherPodClocks } from '#weir/assertions/verdict/fleet-readings.ts'
import { readingsOf } from '#weir/assertions/verdict/readings.ts'
import type { RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { S, withEvents } from '../checks/honest-run.ts'
import { madeRun } from '../checks/made-run.ts'

const ERRORS_MS = [20, 5]

/** The run, of a fleet in two pods whose clocks nobody knows better than that. */
function inPods(errorsMs: readonly number[]): RunRecord {
  const events = errorsMs.flatMap((errorMs, shard): RecordEvent[] => {
    const pod = `weir-fleet-x-${shard}`
    const reading = { tookNs: 2e6 * errorMs, trips: 7, aheadMs: 0, errorMs }
    return [
      { t: 0, type: 'fleet-pod', pod, phase: 'running', shards: [shard], of: 2 },
      ...Array.from(
        { length: 40 },
        (_, i): RecordEvent => ({ t: i * 5 * S, type: 'fleet-clock', pod, ...reading }),
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
    assert.is(Math.round(errorMs), 20)
    assert.is(clients.length, record.clients.length)
    assert.ok(clients.t.every((t, row) => row === 0 || t >= clients.t[row - 1]!))
    return [4, 7].map((client) => Math.round((first(clients, client) - first(record.clients, client)) / 1e6))
  })
  assert.equal(moves, [
    [20, 5],
    [-20, -5],
    [20, -5],
    [-20, 5],
  ])
})

test('clocks that are known make no other reading, and neither does a fleet in one process', () => {
  assert.equal(otherPodClocks(viewOf(inPods([0.2, 0.1]))), [])
  assert.equal(otherPodClocks(viewOf(madeRun())), [])
  const whys = readingsOf(viewOf(inPods(ERRORS_MS))).map(({ why }) => why)
  assert.is(whys.filter((why) => why.startsWith("the clocks of the fleet's pods")).length, 4)
})

test.run()
