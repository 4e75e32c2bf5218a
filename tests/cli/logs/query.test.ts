/** Which lines of a log are shown, and how. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type LogFlags, queryOf } from '#weir/cli/logs/query.ts'
import { type Row, rowOf, selected } from '#weir/cli/logs/row.ts'
import { show } from '#weir/cli/logs/show.ts'
import { memoryOutput } from '../weir.ts'

const of = (cluster: string, category = 'EMQX') => ({ cluster, category, pod: `${cluster}-0` })
const line = (second: number, level: string, content: string) => ({
  at: '2026-01-01T00:00:00Z',
  text: `2026-01-01T00:00:${String(second).padStart(2, '0')}.500000+00:00 [${level}] ${content}`,
})
const drivesNothing = (text: string) => {
  for (const control of ['\u001b', '\u009b', '\u202e']) assert.not(text.includes(control))
}
const ROWS: Row[] = [
  rowOf(of('b'), line(3, 'error', 'msg: three')),
  rowOf(of('a'), line(1, 'warning', 'msg: One')),
  rowOf(of('a'), line(2, 'critical', 'msg: two')),
  rowOf(of('a', 'reloader'), { at: '2026-01-01T00:00:04Z', text: 'licence reloaded' }),
]
const contents = (flags: LogFlags) => selected(ROWS, queryOf(flags)).rows.map(({ content }) => content)

test('all of them, in order of time', () => {
  assert.equal(contents({}), ['msg: One', 'msg: two', 'msg: three', 'licence reloaded'])
})

test('by text, product, cluster and exactly one level', () => {
  assert.equal(contents({ text: 'ONE' }), ['msg: One'])
  assert.equal(contents({ product: 'reloader' }), ['licence reloaded'])
  assert.equal(contents({ product: 'emqx', cluster: 'a' }), ['msg: One', 'msg: two'])
  assert.equal(contents({ cluster: 'b' }), ['msg: three'])
  assert.equal(contents({ level: 'error' }), ['msg: three'], 'critical is another level')
})

test('a range is inclusive at both ends, as exactly as its times are written', () => {
  const range = (from: string, to: string) => contents({ from, to })
  assert.equal(range('2026-01-01T00:00:01.5Z', '2026-01-01T00:00:02.5Z'), ['msg: One', 'msg: two'])
  assert.equal(range('2026-01-01T00:00:02Z', '2026-01-01T00:00:02Z'), ['msg: two'])
  assert.equal(range('2026-01-01T00:00:01.501Z', '2026-01-01T00:00:02.499Z'), [])
  assert.equal(range('2026-01-01 00:00', '2026-01-01 00:00').length, 4, 'a minute, in UTC')
  assert.equal(range('2026-01-01', '2026-01-01').length, 4, 'a day')
  assert.equal(range('2026-01-01T08:00:03+08:00', '2026-01-01T08:00:03+08:00'), ['msg: three'])
})

test('the latest so many', () => {
  assert.equal(contents({ latest: 2 }), ['msg: three', 'licence reloaded'])
  const many = Array.from({ length: 250 }, (_, i) => rowOf(of('a'), line(i % 60, 'error', `n${i}`)))
  const { rows, matching } = selected(many, queryOf({}))
  assert.equal([rows.length, matching], [100, 250])
})

/** [flags, words] */
const WRONG: [LogFlags, RegExp][] = [
  [
    { level: 'warn' },
    /--level warn is no level: use one of debug, info, notice, warning, error, critical, alert, emergency/,
  ],
  [{ from: '2026-01-02', to: '2026-01-01' }, /--to 2026-01-01 is before --from 2026-01-02/],
  [{ from: 'yesterday' }, /--from yesterday is no time: write it like 2026-/],
  [{ to: '2026-13-01' }, /--to 2026-13-01 is no time/],
  [{ latest: 0 }, /--latest takes a whole number of at least 1/],
  [{ latest: 1.5 }, /--latest takes a whole number/],
]
for (const [flags, words] of WRONG)
  test(`refused: ${JSON.stringify(flags)}`, () => {
    assert.throws(() => queryOf(flags), words)
  })

test('a table of five columns; what a client put into a line drives no terminal', () => {
  const { output, said } = memoryOutput()
  const hostile = rowOf(of('a'), line(1, 'error', 'msg: \u001b[2J\u009b2J\u202egnp\ttab'))
  show({ rows: [hostile], notes: ['a \u001b[31mnote'] }, queryOf({}), false, output)
  const [head, row] = said.stdout.split('\n')
  assert.match(head!, /^CLUSTER {2}CATEGORY {2}TIME {22}LEVEL {2}CONTENT$/)
  assert.match(row!, /^a {8}EMQX {6}2026-01-01T00:00:01\.500Z {2}error {2}msg: ␛\[2J�2J�gnp tab$/)
  drivesNothing(said.stdout + said.stderr)
})

test('a table of many lines', () => {
  const { output, said } = memoryOutput()
  const rows = Array.from({ length: 200_000 }, () => ROWS[3]!)
  show({ rows, notes: [] }, queryOf({ latest: 200_000 }), false, output)
  assert.is(said.stdout.trim().split('\n').length, 200_001)
})

test('JSON: an object a line, with the same text and nothing that drives a terminal', () => {
  const { output, said } = memoryOutput()
  const content = 'msg: \u001b[2J\u009b2J\u202e'
  show({ rows: [rowOf(of('a'), line(1, 'error', content)), ROWS[3]!], notes: [] }, queryOf({}), true, output)
  const lines = said.stdout.trim().split('\n')
  drivesNothing(said.stdout)
  assert.equal(
    lines.map((one) => JSON.parse(one)),
    [
      {
        ...{ cluster: 'a', category: 'EMQX', time: '2026-01-01T00:00:01.500Z', level: 'error' },
        ...{ content, pod: 'a-0' },
      },
      {
        ...{ cluster: 'a', category: 'reloader', time: '2026-01-01T00:00:04.000Z', level: null },
        ...{ content: 'licence reloaded', pod: 'a-0' },
      },
    ],
  )
})

test('what is not shown is said', () => {
  const { output, said } = memoryOutput()
  show({ rows: ROWS, notes: [] }, queryOf({ latest: 1 }), false, output)
  assert.match(said.stderr, /^weir: the latest 1 of 4 lines are shown/)
  show({ rows: ROWS, notes: [] }, queryOf({ text: 'nowhere' }), false, output)
  assert.match(said.stderr, /weir: no line matches\n$/)
})

test.run()
