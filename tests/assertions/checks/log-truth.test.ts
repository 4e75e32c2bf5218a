/** EMQX's own log of an evacuation: whether it tells what happened, and what it says of the rate beside the clients. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { LogRow, RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { emqx5Run, honestRun, S, saysOf } from './honest-run.ts'
import { type Lies, logged } from './logged.ts'

const withRows = (record: RunRecord, ...rows: LogRow[]): RunRecord => ({
  ...record,
  logs: [...(record.logs ?? []), ...rows].toSorted((a, b) => a.t - b.t),
})
const truth = (record: RunRecord) => saysOf(record, 'log-truth')
const envelope = (record: RunRecord) => saysOf(record, 'eviction-envelope')

for (const [name, run] of [
  ['4.4', honestRun],
  ['5', emqx5Run],
] as const)
  test(`an honest log of EMQX ${name} tells what happened`, () => {
    const { outcome, sentence, evidence } = truth(logged(run()))
    assert.is(outcome, 'pass', sentence)
    assert.match(sentence, /^2 nodes logged \d+ ticks of evictions at 10 per second/)
    assert.ok(evidence.every(({ file }) => file === 'logs.ndjson'))
  })

/** [what the log says, the words of the failure] */
const RED: [string, Lies, RegExp][] = [
  ['another rate', { rate: 20 }, /says conn_evict_rate 20 at \+.*, and 10 is configured\.$/],
  ['twice as many clients', { count: (it) => 2 * it }, /^By the log of .* clients went within/],
  [
    'clients that are not there',
    { count: (it) => it + 50 },
    /says \d+ clients at \+.*by the clients themselves there were/,
  ],
  [
    'all at once',
    { count: (it, tick) => (tick === 0 ? it : 1) },
    /^By the log of .*more than 10 per second allow\.$/,
  ],
  [
    'it half a minute later',
    { lateNs: 35 * S },
    /shows its evictions 3\d\.\d s after EMQX's status did, later than 30 s\.$/,
  ],
]
for (const [what, lies, words] of RED)
  test(`a log that tells ${what} fails`, () => {
    const { outcome, sentence } = truth(logged(honestRun(), lies))
    assert.is(outcome, 'fail', sentence)
    assert.match(sentence, words)
  })

const failure: RecordEvent = {
  t: 1,
  type: 'api-failure',
  api: 'pods/log',
  via: 'p',
  status: 403,
  error: 'pods "p" is forbidden',
}
const honest = logged(honestRun())
const [first] = honest.logs!
const gap: LogRow = {
  t: first!.t + S,
  type: 'gap',
  pod: first!.pod,
  container: 'emqx',
  why: 'the pod is gone',
}

/** [what is missing, the record, why] */
const OPEN: [string, RunRecord, RegExp][] = [
  ['the file', honestRun(), /the record has no logs of EMQX's/],
  [
    'the right to read them',
    { ...honestRun(), logs: [], events: [failure, ...honestRun().events] },
    /may not read EMQX's logs \(pods "p" is forbidden\)/,
  ],
  ['every line', { ...honestRun(), logs: [] }, /was evacuated, and its log says nothing of it/],
  [
    'the lines of one node',
    logged(honestRun(), { pods: (pod) => pod === first!.pod }),
    /was evacuated, and its log says nothing of it/,
  ],
  ['some lines', withRows(honest, gap), /may be missing, or were left out/],
  [
    'the end of the file',
    { ...honest, damage: [{ file: 'logs.ndjson', what: 'the last line (9) is cut off' }] },
    /logs\.ndjson is damaged/,
  ],
]
for (const [what, record, words] of OPEN)
  test(`without ${what} it is open, and no failure`, () => {
    const { outcome, sentence } = truth(record)
    assert.is(outcome, 'inconclusive', sentence)
    assert.match(sentence, words)
  })

/** After three ticks the clock goes back by ten seconds, and the lines come in one bunch. */
const setBack = (): RunRecord => {
  const record = logged(honestRun(), { offMs: (tick) => (tick < 3 ? 0 : -10_000) })
  const firstT = new Map<string, number>()
  for (const { pod, t } of record.logs!) firstT.set(pod, Math.min(t, firstT.get(pod) ?? t))
  return { ...record, logs: record.logs!.map((row) => ({ ...row, t: firstT.get(row.pod)! })) }
}

test('a clock that was set back leaves the rate of a log open', () => {
  const counts = { tolerance: 1000 } // Lines in one bunch cannot match their clients.
  const { outcome, sentence } = saysOf(setBack(), 'log-truth', { ...counts, ticks: 0 })
  assert.is(outcome, 'inconclusive', sentence)
  assert.match(sentence, /the clock of .* was set back during its evacuation/)
  const kept = envelope(setBack())
  assert.is(kept.outcome, 'pass', kept.sentence)
  assert.not.match(kept.sentence, /log/)
})

test('other clients may leave in any number', () => {
  const record = honestRun()
  record.manifest.parameters!.otherClients = 200
  const { outcome, sentence } = truth(logged(record, { count: (it, tick) => (tick < 2 ? it + 200 : it) }))
  assert.is(outcome, 'pass', sentence)
})

test('a log is held to the rate of its own node', () => {
  const record = honestRun()
  const { connEvictRate, sessEvictRate } = record.manifest.parameters!
  const rates = [
    { t: 0, connEvictRate, sessEvictRate },
    { t: record.events.at(-1)!.t, connEvictRate: 10 * connEvictRate, sessEvictRate },
  ]
  Object.assign(record.manifest.parameters!, { rates, connEvictRate: 10 * connEvictRate })
  const { outcome, sentence } = envelope(logged(record, { count: (it) => 3 * it }))
  assert.is(outcome, 'inconclusive', sentence)
  assert.match(sentence, /the clients and EMQX's own log disagree/)
})

test('the log confirms the rate that the clients show', () => {
  const { outcome, sentence, figures, evidence } = envelope(honest)
  assert.is(outcome, 'pass')
  assert.match(sentence, /EMQX's own log shows the same: \d+ ticks of 2 nodes\.$/)
  assert.ok(Number(figures.loggedTicks) > 10)
  assert.ok(evidence.some(({ file }) => file === 'logs.ndjson'))
})

test('a log that contradicts the clients leaves the rate open', () => {
  const { outcome, sentence, settle } = envelope(logged(honestRun(), { count: (it) => 3 * it }))
  assert.is(outcome, 'inconclusive', sentence)
  assert.match(sentence, /the clients and EMQX's own log disagree: by the log of .* By the clients: /)
  assert.match(settle ?? '', /weir ops logs/)
})

test('lines that are missing say nothing of the rate that was kept', () => {
  for (const record of [honestRun(), { ...honestRun(), logs: [] }]) {
    const { outcome, sentence } = envelope(record)
    assert.is(outcome, 'pass')
    assert.not.match(sentence, /log/)
  }
  const torn = envelope({ ...honest, damage: [{ file: 'logs.ndjson', what: 'cut off' }] })
  assert.is(torn.outcome, 'pass', torn.sentence)
})

test('a failure stands, whatever the log says', () => {
  const fast = honestRun()
  fast.manifest.parameters!.connEvictRate = 2
  const { outcome, sentence } = envelope(logged(fast))
  assert.is(outcome, 'fail')
  assert.match(sentence, /EMQX's own log of .* shows it too: \d+ clients within/)
  const quiet = envelope(logged(fast, { count: () => 1 }))
  assert.is(quiet.outcome, 'fail')
  assert.match(quiet.sentence, /EMQX's own log shows evictions within the rate only/)
})

test.run()
