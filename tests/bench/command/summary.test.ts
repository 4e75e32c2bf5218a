import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { summary } from '#weir/bench/command/summary.ts'
import { benchResult, CLIENTS, counters, messages, tallyOf } from './bench-result.ts'

const text = (...args: Parameters<typeof benchResult>) => summary(benchResult(...args)).join('\n')

test('ends by whose doing they are, this machine first, the most frequent first', () => {
  const tally = tallyOf(CLIENTS, (log) => {
    log.add(0, 0, 'failed', 'connection-refused')
    for (let i = 0; i < 2; i++) log.add(0, i, 'refused', 'connack', 0x86)
    log.add(0, 0, 'failed', 'too-many-files')
    log.add(0, 0, 'failed', 'unreachable')
  })
  const lines = summary(benchResult(undefined, { tally })).filter((line) => line.includes('×'))
  assert.equal(
    lines.map((line) => line.trim().replace(/ {2,}/g, ' ')),
    [
      'of this machine 1 × failed: open-file limit reached (EMFILE)',
      'of the network 1 × failed: network unreachable',
      'of the broker 2 × refused: CONNACK 0x86 bad user name or password',
      '1 × failed: connection refused',
    ],
  )
})

test('messages of publishers and subscribers, and how long they took', () => {
  const pub = text(
    { command: 'pub', flags: { topic: 't', qos: 1 } },
    {
      counters: counters({ published: 50 }),
      messages: messages({
        sent: 50,
        acknowledged: 48,
        refused: 2,
        skipped: 3,
        latencies: [{ of: 'ack', qos: 1, count: 48, p50Ms: 1, p90Ms: 2, p99Ms: 3, p999Ms: 4, maxMs: 5 }],
      }),
    },
  )
  assert.match(pub, /published +50: 48 acknowledged, 2 refused, 0 without an answer; 3 skipped/)
  assert.match(pub, /QoS 1 acknowledged +p50 1\.0 ms, .*p99\.9 4\.0 ms, max 5\.0 ms/)
  const barred = text(
    { command: 'pub', flags: { topic: 't' } },
    { messages: messages({ untaken: 7, bound: { of: 'packet-size', most: 300, has: 410 } }) },
  )
  assert.match(
    barred,
    /not taken +by the broker, 7 by now: it accepts packets of at most 300 bytes, and this message needs 410/,
  )
  const sub = text(
    { command: 'sub', flags: { topic: ['t'] } },
    { counters: counters({ received: 100 }), subscribed: 9, messages: messages() },
  )
  assert.match(sub, /subscriptions +9 of 10 clients were subscribed at the end, 0 refused/)
  assert.match(sub, /received +100 \(50\.0\/s over the run\)/)
})

test('what --verify found', () => {
  const found = (changes: Parameters<typeof messages>[0]) =>
    text({ command: 'sub', flags: { topic: ['t'] } }, { verify: true, messages: messages(changes) })
  assert.match(
    found({ received: 5, duplicated: 1, redelivered: 1 }),
    /verified +5 received, 0 lost, 1 duplicated \(1 as redeliveries\), 0 reordered$/,
  )
  assert.match(
    found({ received: 5, lost: 2, foreign: 3 }),
    /VERIFY FAILED +5 received, 2 lost, .*; 3 not numbered by weir/,
  )
  assert.match(found({}), /^NOT VERIFIED +0 received/m)
  assert.match(found({ received: 5, overflowed: 1 }), /^NOT VERIFIED +5 received/m)
  assert.match(found({ received: 5, overflowed: 1, lost: 1 }), /^VERIFY FAILED +5 received/m)
})

test('a generator that was late says so', () => {
  const health = { loopDelayP99Ms: 1, loopDelayMaxMs: 2, scheduleLagP99Ms: 3, watchedMs: 2000, lateMs: 0 }
  assert.match(text(), /^generator +event loop/m)
  assert.match(
    text(undefined, { health: { ...health, scheduleLagP99Ms: 101 } }),
    /^GENERATOR LATE .*this machine/m,
  )
  assert.match(text(undefined, { health: { ...health, lateMs: 201 } }), /^GENERATOR LATE .*this machine/m)
})

test('dropped events are not passed over in silence', () => {
  assert.not.match(text(), 'INCOMPLETE')
  assert.match(text(undefined, { counters: counters({ droppedEvents: 7 }) }), /INCOMPLETE +7 events/)
})

test.run()
