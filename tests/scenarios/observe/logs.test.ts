/** Logs that a run follows: each pod's, bounded, without secrets, and with a word on what is missing. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KubeApiError } from '#weir/cluster/index.ts'
import type { LogRow } from '#weir/facts/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { LogBudget, rowBytes } from '#weir/scenarios/observe/log-budget.ts'
import { followLogs } from '#weir/scenarios/observe/logs.ts'
import { fakeRun, pod } from '../fake-run.ts'

const at = '2026-01-01T00:00:01.000000000Z'
const until = async (so: () => boolean) => {
  const end = Date.now() + 20_000
  while (!so() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** A run in which each pod prints these lines, and then goes on without a word. */
function running(linesOf: (pod: string) => string[] | KubeApiError, logMiB = 64) {
  const scenario = loadScenario('blue-green-quick')
  const rows: LogRow[] = []
  const asked: string[] = []
  const stream = async (path: string, signal: AbortSignal) => {
    const { pathname } = new URL(path, 'http://k')
    const name = pathname.split('/').at(-2)!
    asked.push(name)
    const lines = linesOf(name)
    if (lines instanceof KubeApiError) throw lines
    return (async function* () {
      yield Buffer.from(lines.map((line) => `${at} ${line}\n`).join(''))
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })()
  }
  const run = fakeRun({ kube: { stream } }, { ...scenario, observe: { ...scenario.observe, logMiB } })
  const started = Date.now()
  const timed = Object.assign(run, { clock: { ...run.clock, now: () => (Date.now() - started) * 1e6 } })
  Object.assign(run.record, { log: (row: LogRow) => rows.push(row) })
  return { run: timed, rows, asked, of: (type: LogRow['type']) => rows.filter((row) => row.type === type) }
}

test('every pod is followed, also one that comes later, and each once', async () => {
  const { run, rows, asked, of } = running((name) => [`hello from ${name}`])
  run.observe(pod('a-0'), pod('a-1'))
  const logs = followLogs(run)
  await until(() => of('line').length === 2)
  run.observe(pod('b-0'))
  await until(() => of('line').length === 3)
  await logs.stop()
  assert.equal(asked.toSorted(), ['a-0', 'a-1', 'b-0'])
  assert.equal(
    rows.flatMap((row) => (row.type === 'line' ? [`${row.pod} ${row.container} ${row.at} ${row.text}`] : [])),
    ['a-0', 'a-1', 'b-0'].map((name) => `${name} emqx ${at} hello from ${name}`),
  )
  assert.is(of('start').length, 3)
})

test('no secret reaches the record, also not one over several lines', async () => {
  const { run, rows } = running(() => [
    'username: u, password: hunter2',
    'bridge mqtt://user:hunter3@host:1883 failed',
    'got -----BEGIN EC PRIVATE KEY-----',
    'aHVudGVyNA==',
    '-----END EC PRIVATE KEY----- and went on',
    'option {password,<<"hunter2">>} of a tuple',
    'options [{password,"hunter2"},{ssl,true}]',
    'names {<<"password">>,<<"hunter2">>} and {auth_token, hunter2}',
    'map #{<<"password">> => <<"hunter2">>,user => <<"u2">>}',
    'map #{password => <<"hunt}er, \\"2">>}',
    'numbers #{password => <<104,117,110>>, secret => [104,117,110]}',
    'in JSON {"msg":"{password,<<\\"hunter2\\">>} was wrong"}',
    '#{user => <<"u3">>, password =>',
    '      <<"hunter2">>, mode => one}',
    '  {<<"password">>,',
    '   <<"hunter2">>}',
    'the token:',
    '2026-01-01T00:00:01.000000+00:00 [warning] msg: another_message, password: hunter2',
    'In prose a password, a token, or a cookie, "like this", stays',
    'a list ["password","username"] and {user,<<"u4">>} stay',
    'harmless',
  ])
  run.observe(pod('a-0'))
  const logs = followLogs(run)
  await until(() => rows.some((row) => row.type === 'line' && row.text === 'harmless'))
  await logs.stop()
  const text = JSON.stringify(rows)
  assert.not.match(text, /hunt|104|aHVudGVyNA/)
  assert.match(text, /\[redacted\] and went on/)
  for (const kept of ['username: u', 'ssl,true', 'u2', 'was wrong', 'u3', 'msg: another_message'])
    assert.ok(text.includes(kept), kept)
  const lines = rows.flatMap((row) => (row.type === 'line' ? [row.text] : []))
  assert.ok(lines.includes('In prose a password, a token, or a cookie, "like this", stays'))
  assert.ok(lines.includes('a list ["password","username"] and {user,<<"u4">>} stay'))
})

test('what does not fit is counted, by pod, and does not take the place of others', async () => {
  const { run, rows, of } = running(
    (name) => (name === 'loud-0' ? Array.from({ length: 600 }, () => 'x'.repeat(1000)) : ['quiet']),
    1,
  )
  run.observe(pod('loud-0'))
  const logs = followLogs(run)
  await until(() => of('line').length > 0)
  run.observe(pod('quiet-0'))
  await until(() => rows.some((row) => row.type === 'line' && row.text === 'quiet'))
  await logs.stop()
  const recorded = rows.filter((row) => row.type === 'line' && row.pod === 'loud-0')
  const bytes = recorded.reduce((sum, row) => sum + rowBytes(row), 0)
  const most = 256 * 1024
  const longest = Math.max(...recorded.map(rowBytes))
  assert.ok(
    bytes <= most && bytes + longest > most,
    `a quarter of a MiB, as written, to the last line: ${bytes}`,
  )
  const last = of('omitted').at(-1)!
  assert.equal([last.pod, last.container], ['loud-0', 'emqx'])
  assert.is(last.type === 'omitted' && last.lines, 600 - recorded.length)
  assert.ok(last.type === 'omitted' && last.bytes > last.lines * 1000)
})

test('lines without text are bounded too', async () => {
  const { run, rows, of } = running(() => Array.from({ length: 20_000 }, () => ''), 1)
  run.observe(pod('a-0'))
  const logs = followLogs(run)
  await until(() => of('line').length > 0)
  await logs.stop()
  const bytes = rows.reduce((sum, row) => sum + (row.type === 'line' ? rowBytes(row) : 0), 0)
  assert.ok(bytes <= 256 * 1024, `${bytes} bytes`)
  assert.is(of('omitted').length, 1)
})

test('a pod whose log cannot be read leaves a gap, and the pods after it are followed', async () => {
  const invalid = new KubeApiError(400, 'BadRequest', 'container emqx is not valid for pod a-0')
  const { run, of } = running((name) => (name === 'a-0' ? invalid : ['hello']))
  run.observe(pod('a-0'))
  const logs = followLogs(run)
  await until(() => of('gap').length > 0)
  run.observe(pod('b-0', { emqxContainer: 'broker' }))
  await until(() => of('line').length > 0)
  await logs.stop()
  assert.equal(
    of('line').map((row) => [row.pod, row.container]),
    [['b-0', 'broker']],
  )
  assert.equal(
    of('gap').map((row) => row.pod),
    ['a-0'],
  )
  assert.equal(run.of('api-failure'), [])
})

test('a user who may not read logs has a run without them, and the record says why, once', async () => {
  const { run, rows } = running(() => new KubeApiError(403, 'Forbidden', 'pods "a-0" is forbidden'))
  run.observe(pod('a-0'), pod('a-1'), pod('a-2'))
  const logs = followLogs(run)
  await until(() => run.of('api-failure').length > 0)
  await logs.stop()
  assert.equal(
    run.of('api-failure').map(({ api, status }) => [api, status]),
    [['pods/log', 403]],
  )
  assert.equal(rows, [])
})

test('a budget is spent by all, and by none alone', () => {
  const budget = new LogBudget(1)
  const quarter = 256 * 1024
  assert.ok(budget.admits('a', quarter))
  assert.not(budget.admits('a', 1))
  for (const pod of ['b', 'c', 'd']) assert.ok(budget.admits(pod, quarter))
  assert.not(budget.admits('e', 1), 'nothing is left')
  assert.equal(budget.takeOmitted(), [
    ['a', { lines: 1, bytes: 1 }],
    ['e', { lines: 1, bytes: 1 }],
  ])
  assert.equal(budget.takeOmitted(), [], 'told already')
})

test.run()
