/** Lines of EMQX's log, as both releases write them. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { evictionTickOf, readEmqxLine } from '#weir/facts/index.ts'

test('text of 5 and of 4.4, with its time, level and content', () => {
  assert.equal(readEmqxLine('2025-01-31T08:15:00.000412+00:00 [warning] msg: x, a: [b] c'), {
    ...{ unixMs: Date.parse('2025-01-31T08:15:00Z') + 0.412, level: 'warning', content: 'msg: x, a: [b] c' },
  })
  const { unixMs, level, content } = readEmqxLine(
    '2023-01-05T10:06:20.101377+08:00 [error] c1@10.0.0.1:5 [Channel] it broke',
  )
  assert.equal([level, content], ['error', 'c1@10.0.0.1:5 [Channel] it broke'])
  assert.ok(Math.abs(unixMs! - Date.parse('2023-01-05T02:06:20.101Z') - 0.377) < 1e-3)
})

test('JSON, with a time in microseconds or as text', () => {
  assert.equal(readEmqxLine('{"time":1796043011291205,"level":"warning","msg":"m","n":1}'), {
    ...{ unixMs: 1_796_043_011_291.205, level: 'warning', content: '{"msg":"m","n":1}' },
  })
  const text = readEmqxLine('{"time":"2026-01-01T00:00:00.5+00:00","level":"error","msg":"m"}')
  assert.is(text.unixMs, Date.parse('2026-01-01T00:00:00.500Z'))
})

test('whatever else is printed is content', () => {
  for (const line of [
    'EMQX 5.8.9 is running now!',
    '',
    '{"level":"warning"',
    '{"level":"loud","msg":"x"}',
    '2026-01-01T00:00:00Z [loud] x',
    '[]',
  ])
    assert.equal(readEmqxLine(line), { content: line })
})

/** [line, count, rate] */
const TICKS: [string, number, number][] = [
  [
    '2026-11-30T12:49:47.260047+00:00 [warning] msg: node_evacuation_evict_conns, conn_evict_rate: 10, count: 40',
    40,
    10,
  ],
  [
    '2025-01-31T08:16:01.006318+00:00 [warning] msg: node_evacuation_evict_conns, count: 990, conn_evict_rate: 10',
    990,
    10,
  ],
  [
    '2023-01-05T10:06:20.101377+08:00 [warning] Node evacuation evict_conns, count=1000, conn_evict_rate=10',
    1000,
    10,
  ],
  [
    '{"time":1796043011291205,"level":"warning","msg":"node_evacuation_evict_conns","pid":"<0.1.0>","count":40,"conn_evict_rate":10}',
    40,
    10,
  ],
]
for (const [line, count, rate] of TICKS)
  test(`a tick: ${line.slice(0, 60)}`, () => {
    const tick = evictionTickOf(line)
    assert.equal([tick?.count, tick?.rate], [count, rate])
    assert.ok(Number.isFinite(tick?.unixMs))
  })

test('no tick: other lines, and what a client put into one', () => {
  for (const line of [
    '2026-11-30T12:49:51.264696+00:00 [warning] msg: node_evacuation_evict_conns_done',
    '2023-01-05T10:08:00.530017+08:00 [warning] Node evacuation evict_conns over',
    '2023-01-05T10:08:00.530017+08:00 [warning] x@y Node evacuation evict_conns, count=1, conn_evict_rate=1',
    '2026-11-30T12:49:47.260047+00:00 [warning] msg: node_evacuation_evict_conns, count: many, conn_evict_rate: 10',
    'Node evacuation evict_conns, count=1, conn_evict_rate=1',
  ])
    assert.is(evictionTickOf(line), undefined, line)
})

test.run()
