/** Exit codes, as docs/commands.md lists them. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { BenchRequest } from '#weir/bench/command/flags.ts'
import { summaryJson } from '#weir/bench/command/json.ts'
import { outcome } from '#weir/bench/command/outcome.ts'
import type { BenchResult } from '#weir/bench/command/result.ts'
import { summary } from '#weir/bench/command/summary.ts'
import { EXIT, WeirError } from '#weir/errors/index.ts'
import { benchResult, CLIENTS, counters, messages, tallyOf } from './bench-result.ts'

const PUB: BenchRequest = { command: 'pub', flags: { topic: 't', qos: 1, limit: 100 } }
const SUB: BenchRequest = { command: 'sub', flags: { topic: ['t'] } }

function failure(result: BenchResult): WeirError {
  try {
    outcome(result)
  } catch (error) {
    assert.instance(error, WeirError)
    return error as WeirError
  }
  throw new Error('it did not fail')
}

test('0: everybody was there when it ended, however it ended', () => {
  for (const end of ['stopped', 'duration'] as const)
    assert.is(outcome(benchResult(undefined, { end })), EXIT.pass)
})

test('3: everything was done, and too late for the rate that was asked', () => {
  const { health } = benchResult()
  const late = (scheduleLagP99Ms: number, attempts = 100) =>
    benchResult(undefined, { counters: counters({ attempts }), health: { ...health, scheduleLagP99Ms } })
  assert.is(outcome(late(100)), EXIT.pass)
  assert.is(outcome(late(340, 99)), EXIT.pass)
  const error = failure(late(340))
  assert.is(error.exitCode, EXIT.inconclusive)
  assert.match(error.message, /340 ms \(p99\) after their planned instants: use a lower --rate/)
  // What failed anyway goes first.
  assert.is(failure({ ...late(340), online: 9 }).exitCode, EXIT.environment)
})

test('130: stopped before all had connected once', () => {
  const result = benchResult(undefined, { online: 4, tally: tallyOf(4) })
  assert.is(outcome(result), EXIT.interrupted)
  assert.is(failure({ ...result, end: 'duration' }).exitCode, EXIT.environment)
})

test('130: stopped with messages of a limit unsent; 0 once they are sent', () => {
  assert.is(outcome(benchResult(PUB, { counters: counters({ published: 99 }) })), EXIT.interrupted)
  assert.is(
    outcome(benchResult(PUB, { end: 'limit', counters: counters({ published: 100 }), messages: messages() })),
    EXIT.pass,
  )
})

test('4: a broker that broke the protocol is named with what it did, not with advice for something else', () => {
  const tally = tallyOf(CLIENTS, (log) => {
    log.addBreach('puback-for-qos-2')
    log.addBreach('puback-for-qos-2')
    log.add(0, 0, 'disconnected', 'protocol-error', 0x82)
  })
  const words =
    /the broker answered a QoS 2 message with PUBACK \(.*§4\.3\.3\), 2 times: report this to the broker’s developers/
  assert.match(failure(benchResult(undefined, { online: 9, tally })).message, words)
  const unanswered = benchResult(PUB, {
    ...{ end: 'limit', tally, counters: counters({ published: 100 }) },
    messages: messages({ sent: 100, abandoned: 2 }),
  })
  assert.match(failure(unanswered).message, words)
  assert.ok(summary(unanswered).some((row) => /^BROKE THE PROTOCOL +2 × the broker answered/.test(row)))
  assert.equal(JSON.parse(summaryJson(unanswered, 4)).breaches, [
    {
      breach: 'puback-for-qos-2',
      count: 2,
      words: 'answered a QoS 2 message with PUBACK (MQTT 3.1.1 and 5 §4.3.3)',
    },
  ])
})

test('4: clients were missing: the error says whose doing it is, how often, and what to do', () => {
  const tally = tallyOf(CLIENTS, (log) => {
    for (let i = 0; i < 3; i++) log.add(0, i, 'disconnected', 'reset')
    log.add(0, 1, 'failed', 'unreachable')
  })
  const error = failure(benchResult(undefined, { online: 9, tally }))
  assert.is(error.code, 'WEIR_BROKER')
  assert.match(
    error.message,
    /^1 of 10 clients were not connected to b:1883 at the end, most often because of the broker: lost: it reset the connection, 3 times: it had accepted the connection: check/,
  )
})

test('4: what this machine could not do has a code of its own', () => {
  const tally = tallyOf(5, (log) => log.add(0, 6, 'failed', 'too-many-files'))
  const error = failure(benchResult(undefined, { end: 'duration', online: 5, tally }))
  assert.is(error.code, 'WEIR_GENERATOR')
  assert.is(error.exitCode, EXIT.environment)
  assert.match(error.message, 'this machine: failed: open-file limit reached (EMFILE)')
})

test('4: subscriptions were missing', () => {
  const error = failure(benchResult(SUB, { subscribed: 8, counters: counters({ subscribesRefused: 2 }) }))
  assert.match(error.message, '2 of 10 clients were not subscribed at b:1883 at the end (2 refused)')
})

test('4: messages were not accepted', () => {
  const result = benchResult(PUB, {
    end: 'limit',
    counters: counters({ published: 100 }),
    messages: messages({ sent: 100, acknowledged: 97, refused: 2, abandoned: 1 }),
  })
  assert.match(
    failure(result).message,
    '3 of 100 messages were not accepted by b:1883 (2 refused, 1 unanswered',
  )
})

test('4: messages were still in flight at the end', () => {
  const result = benchResult(PUB, {
    end: 'limit',
    counters: counters({ published: 100 }),
    messages: messages({ sent: 100, acknowledged: 90, abandoned: 1, unanswered: 9 }),
  })
  assert.match(
    failure(result).message,
    '10 of 100 messages were not accepted by b:1883 (0 refused, 10 unanswered',
  )
})

test('4: --verify had nothing to verify, or not the memory for it; of pub it asks nothing', () => {
  const of = (changes: Parameters<typeof messages>[0]) =>
    benchResult(SUB, { verify: true, subscribed: CLIENTS, messages: messages(changes) })
  assert.match(
    failure(of({})).message,
    /^--verify verified nothing at b:1883: no message .* arrived: check --topic/,
  )
  assert.is(failure(of({ foreign: 5 })).exitCode, EXIT.environment)
  assert.match(failure(of({ received: 9, overflowed: 2 })).message, '2 pairs of publisher and subscriber')
  assert.is(outcome(of({ received: 9, overflowed: 2, lost: 1 })), EXIT.fail)
  assert.is(outcome(of({ received: 9 })), EXIT.pass)
  assert.is(outcome({ ...of({}), verify: false }), EXIT.pass)
  const pub = benchResult(PUB, { counters: counters({ published: 100 }), messages: messages(), verify: true })
  assert.is(outcome(pub), EXIT.pass)
})

test('1: --verify found what must not be, even where clients are missing', () => {
  const found = (changes: Parameters<typeof messages>[0], verify = true) =>
    benchResult(SUB, { verify, messages: messages({ received: 10, ...changes }) })
  for (const changes of [{ lost: 1 }, { duplicated: 1 }, { reordered: 1 }, { astray: 1 }]) {
    assert.is(outcome(found(changes)), EXIT.fail, JSON.stringify(changes))
    assert.is(outcome({ ...found(changes), online: 0 }), EXIT.fail)
    assert.is(outcome(found(changes, false)), EXIT.pass)
  }
  assert.is(outcome(found({ duplicated: 2, redelivered: 2, missed: 5, foreign: 1 })), EXIT.pass)
})

test.run()
