import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Tally } from '#weir/bench/command/tally.ts'
import { EventLog, withWords } from '#weir/bench/events/event-log.ts'

const MS = 1e6

function tallyOf(clients: number, write: (log: EventLog) => void): Tally {
  const tally = new Tally(clients)
  const log = new EventLog((columns) => tally.add(withWords(columns, ['b:1'])))
  write(log)
  log.flush()
  return tally
}

test('the first CONNACK counts from the planned instant, every CONNACK from its attempt', () => {
  const tally = tallyOf(2, (log) => {
    log.add(0, 0, 'scheduled')
    log.add(40 * MS, 0, 'attempt')
    log.add(50 * MS, 0, 'connected', '', 0, 0)
    log.add(60 * MS, 0, 'disconnected', 'closed')
    log.add(1000 * MS, 0, 'attempt')
    log.add(1020 * MS, 0, 'connected', '', 0, 1)
    log.add(10 * MS, 1, 'scheduled')
    log.add(10 * MS, 1, 'attempt')
  })
  assert.is(tally.everConnected, 1)
  assert.is(tally.fromPlan.count, 1)
  assert.ok(Math.abs(tally.fromPlan.maxMs - 50) < 0.1)
  assert.is(tally.fromAttempt.count, 2)
  assert.ok(Math.abs(tally.fromAttempt.p50Ms - 10) < 0.1)
  assert.ok(Math.abs(tally.fromAttempt.maxMs - 20) < 0.1)
})

test('endings are counted by kind, reason and code; what the stop broke off is none', () => {
  const tally = tallyOf(3, (log) => {
    for (const client of [0, 1]) log.add(0, client, 'refused', 'connack', 0x9c)
    log.add(0, 2, 'failed', 'connection-refused')
    log.add(0, 2, 'failed', 'stopped')
    log.add(0, 0, 'left', 'stopped')
    log.add(0, 1, 'disconnected', 'disconnect-packet', 0)
  })
  assert.equal(tally.endings, [
    { kind: 'refused', reason: 'connack', code: 0x9c, count: 2 },
    { kind: 'failed', reason: 'connection-refused', code: -1, count: 1 },
    { kind: 'disconnected', reason: 'disconnect-packet', code: 0, count: 1 },
  ])
})

test('percentiles of many', () => {
  const tally = tallyOf(1000, (log) => {
    for (let client = 0; client < 1000; client++) {
      log.add(0, client, 'scheduled')
      log.add(0, client, 'attempt')
      log.add((client + 1) * MS, client, 'connected', '', 0, 0)
    }
  })
  const { p50Ms, p90Ms, p99Ms, maxMs } = tally.fromPlan
  for (const [actual, expected] of [
    [p50Ms, 500],
    [p90Ms, 900],
    [p99Ms, 990],
    [maxMs, 1000],
  ] as const)
    assert.ok(Math.abs(actual - expected) <= expected * 0.002 + 1, `${actual}, expected ${expected}`)
})

test.run()
