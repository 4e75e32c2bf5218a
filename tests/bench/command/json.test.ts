import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { progressJson, summaryJson } from '#weir/bench/command/json.ts'
import { RateMeter } from '#weir/bench/command/progress.ts'
import { benchResult, counters, messages, tallyOf } from './bench-result.ts'

/** The fields that docs/bench.md promises: more may come, none may go. */
const COUNTERS = Object.keys(counters())

test('progress: counters and rates since the line before', () => {
  const meter = new RateMeter()
  const at = (elapsedMs: number, published: number) =>
    JSON.parse(
      progressJson({ command: 'pub', clients: 10, elapsedMs, counters: counters({ published }) }, meter),
    )
  const first = at(1000, 50)
  for (const field of ['type', 'command', 'elapsedSeconds', 'clients', ...COUNTERS])
    assert.ok(field in first, field)
  assert.equal([first.type, first.publishedPerSecond, first.elapsedSeconds], ['progress', 50, 1])
  const second = at(3000, 250)
  assert.equal([second.publishedPerSecond, second.receivedPerSecond], [100, 0])
})

test('summary: everything that the text has, in one line', () => {
  const tally = tallyOf(10, (log) => log.add(0, 0, 'refused', 'connack', 0x87))
  const line = summaryJson(
    benchResult(
      { command: 'sub', flags: { topic: ['t'] } },
      { tally, verify: true, messages: messages({ lost: 2 }) },
    ),
    1,
  )
  assert.not.match(line, '\n')
  const summary = JSON.parse(line)
  for (const field of ['everConnected', 'onlineAtEnd', 'subscribedAtEnd', 'generator', ...COUNTERS])
    assert.ok(field in summary, field)
  assert.equal([summary.type, summary.exitCode, summary.end], ['summary', 1, 'stopped'])
  assert.equal(summary.endings, [
    {
      kind: 'refused',
      reason: 'connack',
      code: 0x87,
      count: 1,
      whose: 'broker',
      words: 'refused: CONNACK 0x87 not authorized',
    },
  ])
  assert.is(summary.latencies.firstConnack.count, 10)
  assert.ok(Math.abs(summary.latencies.everyConnack.p50Ms - 2) < 0.1)
  assert.is(summary.messages.lost, 2)
})

test.run()
