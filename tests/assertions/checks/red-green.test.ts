/** Each client assertion on a small record: green on the honest one, red on the change it exists for. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import type { Outcome } from '#weir/assertions/verdict/verdict.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { lostSight } from '../../simulator/lost-sight.ts'
import { emqx5Run } from './honest-run.ts'
import { listing, podEvent, S } from './made-events.ts'
import { type Changes, FIRST_DRAIN, madeRun, TRIGGER } from './made-run.ts'

const IDS = [
  'eviction-envelope',
  'eviction-slope',
  'eviction-floor',
  'gauge-truth',
  'undisturbed-before',
  'landing',
  'hops',
  'no-storm',
  'amplification',
  'offline-peak',
  'downtime',
  'refusals',
  'conservation',
  'session-kept',
  'harness-healthy',
] as const

/** Drains of 34 s: long enough for a slope. */
const LONG: Changes = { clients: 1020 }

function outcomesOf(record: RunRecord): Record<string, Outcome> {
  const verdict = judge(record, { asserts: IDS.map((id) => ({ id })) })
  return Object.fromEntries(verdict.findings.map((finding) => [finding.id, finding.outcome]))
}

function findingOf(record: RunRecord, id: (typeof IDS)[number]) {
  return judge(record, { asserts: [{ id }] }).findings[0]!
}

test('an honest run passes everything', () => {
  const verdict = judge(madeRun(LONG), { asserts: IDS.map((id) => ({ id })) })
  for (const finding of verdict.findings)
    assert.is(finding.outcome, 'pass', `${finding.id}: ${finding.sentence}`)
})

test('an honest run whose clients connect to each pod directly passes everything', () => {
  const verdict = judge(madeRun({ ...LONG, direct: true }), { asserts: IDS.map((id) => ({ id })) })
  for (const finding of verdict.findings)
    assert.is(finding.outcome, 'pass', `${finding.id}: ${finding.sentence}`)
})

test('a drain too short for a slope leaves only the slope open', () => {
  const outcomes = outcomesOf(madeRun())
  for (const [id, outcome] of Object.entries(outcomes))
    assert.is(outcome, id === 'eviction-slope' ? 'inconclusive' : 'pass', id)
})

/** [what, change, the assertions that must fail, those that may fail with it] */
const RED: [string, Changes, string[], string[]?][] = [
  [
    'rate-ignored',
    { ...LONG, perTick: 40 },
    ['eviction-envelope', 'eviction-slope'],
    ['no-storm', 'offline-peak'],
  ],
  ['all-at-once', { perTick: 1000 }, ['eviction-envelope', 'eviction-slope', 'no-storm'], ['offline-peak']],
  ['double-tick', { tickNs: 0.5 * S }, ['eviction-envelope'], ['no-storm', 'offline-peak', 'eviction-slope']],
  ['rate-13', { ...LONG, perTick: 13 }, ['eviction-slope'], ['eviction-envelope', 'no-storm']],
  ['evacuation-slow', { ...LONG, perTick: 5 }, ['eviction-floor', 'eviction-slope']],
  [
    'gauge-frozen',
    { gauge: (truth, node, t) => (node.startsWith('blue') && t >= FIRST_DRAIN ? 100 : truth) },
    ['gauge-truth'],
    ['conservation'],
  ],
  [
    'gauge-lies',
    { gauge: (truth, node) => (node.startsWith('green') ? Math.round(truth * 1.1) : truth) },
    ['gauge-truth'],
    ['conservation'],
  ],
  [
    'early-drop',
    {
      moreClients: [
        { t: 27 * S, client: 7, kind: 'disconnected', reason: 'closed' },
        { t: 28 * S, client: 7, kind: 'attempt' },
        { t: 28 * S + 1e6, client: 7, kind: 'connected', code: 0, sessionPresent: false },
      ],
    },
    ['undisturbed-before'],
  ],
  [
    'lands on old',
    {
      landsOn: (client, left) =>
        left === 'blue-2' && client % 30 === 0 ? 'blue-0' : `green-${Math.floor(client / 3) % 3}`,
    },
    ['landing', 'hops'],
  ],
  ['lands unevenly', { landsOn: (client) => `green-${client % 10 < 8 ? 0 : 1}` }, ['landing']],
  [
    'refuse-some',
    { refusals: (client) => (client % 5 === 0 ? 1 : 0) },
    ['refusals', 'amplification'],
    ['offline-peak', 'no-storm'],
  ],
  ['slow-accept', { connectNs: () => 8 * S }, ['downtime', 'offline-peak']],
  ['lost-client', { comesBack: (client) => client !== 12 }, ['conservation', 'downtime']],
  ['session-lost', { sessionPresent: (client) => client % 50 !== 0 }, ['session-kept']],
]

for (const [what, changes, mustFail, mayFail = []] of RED)
  test(`${what} is caught`, () => {
    const outcomes = outcomesOf(madeRun(changes))
    const failed = Object.keys(outcomes).filter((id) => outcomes[id] === 'fail')
    for (const id of mustFail) assert.ok(failed.includes(id), `${id} did not fail: failed are ${failed}`)
    const extra = failed.filter((id) => !mustFail.includes(id) && !mayFail.includes(id))
    assert.equal(extra, [])
  })

test('a client that bounces is a second hop', () => {
  const moreClients = Array.from({ length: 30 }, (_, i) => i * 10).flatMap((client) => {
    const t = 107 * S + client * 1e7
    return [
      { t, client, kind: 'disconnected' as const, reason: 'closed' },
      { t: t + S, client, kind: 'attempt' as const },
      { t: t + 1.002 * S, client, kind: 'connected' as const, code: 0, sessionPresent: client % 2 === 0 },
    ]
  })
  const finding = findingOf(madeRun({ moreClients }), 'hops')
  assert.is(finding.outcome, 'fail')
  assert.is(finding.figures.moreThanOnce, 30)
})

test('a node that goes on listing a client that has moved is caught', () => {
  const moreEvents = Array.from({ length: 20 }, (_, i) => listing('blue-1', (55 + i) * S, ['c2', 'c5']))
  const finding = findingOf(madeRun({ moreEvents }), 'conservation')
  assert.is(finding.outcome, 'fail')
  assert.is(finding.figures.listedTwice, 2)
})

test('a listing that is late by a moment is no ghost', () => {
  const moreEvents = [listing('blue-2', FIRST_DRAIN + 2 * S, ['c0'])]
  assert.is(findingOf(madeRun({ moreEvents }), 'conservation').outcome, 'pass')
})

test('a pod that is being deleted still holds its clients, so the gauges have no sum', () => {
  const moreEvents = [{ ...podEvent('blue-2', FIRST_DRAIN - 3 * S), deleting: true }]
  const finding = findingOf(madeRun({ moreEvents }), 'conservation')
  assert.is(finding.outcome, 'pass', finding.sentence)
  assert.ok(Number(finding.figures.sumHoles) > 0)
  assert.match(finding.sentence, /the sum is unknown/)
})

test('where new pods could not be seen, the sum of those that are known is no sum', () => {
  const record = emqx5Run()
  const { t } = record.events.find((event) => event.type === 'mark' && event.name === 'trigger')!
  const finding = findingOf(lostSight(record, t), 'conservation')
  assert.is.not(finding.outcome, 'fail', finding.sentence)
})

test('an emptied pod that is being deleted leaves no hole in the sum', () => {
  const finding = findingOf(madeRun(), 'conservation')
  assert.is(finding.figures.sumHoles, 0)
  assert.match(finding.sentence, /throughout/)
})

test('clients that stay away by plan are not lost, and their reconnects are not missed', () => {
  const outcomes = outcomesOf(madeRun({ isAway: (client) => client % 6 === 0 }))
  for (const id of ['conservation', 'downtime', 'amplification', 'session-kept', 'offline-peak'])
    assert.is(outcomes[id], 'pass', id)
})

test('connections that spread unevenly prove nothing where clients came by several addresses', () => {
  const landsOn = (client: number) => (client % 10 === 0 ? 'green-1' : 'green-0')
  assert.is(findingOf(madeRun({ landsOn }), 'landing').outcome, 'fail')
  const several = findingOf(madeRun({ landsOn, direct: true }), 'landing')
  assert.is(several.outcome, 'inconclusive')
  assert.match(several.sentence, /clients came by 2 addresses/)
})

test('an address that nobody came by excuses nothing', () => {
  const detail = '127.0.0.1:32010, 10.0.0.9:32010'
  const started = { type: 'action', id: 'a', action: 'start-fleet', phase: 'done', detail } as const
  const landsOn = () => 'green-0'
  const { outcome } = findingOf(madeRun({ landsOn, moreEvents: [{ t: 2 * S, ...started }] }), 'landing')
  assert.is(outcome, 'fail')
})

test('refusals are counted by code', () => {
  const finding = findingOf(madeRun({ refusals: (client) => (client % 5 === 0 ? 1 : 0) }), 'refusals')
  assert.equal([finding.figures.refusals, finding.figures.code156, finding.figures.code3], [60, 30, 30])
  assert.match(finding.sentence, /use another server/)
})

test('two ticks seen at once are honest', () => {
  // Every drain's second tick comes with its first: 20 evictions within 2 ms.
  const record = madeRun(LONG)
  for (let i = 0; i < record.clients.length; i++) {
    const late = record.clients.t[i]! - FIRST_DRAIN
    if (late >= 0 && late < 0.9 * S) record.clients.t[i]! += 0.95 * S
  }
  assert.is(findingOf(record, 'eviction-envelope').outcome, 'pass')
})

test('without listings nobody can tell which node evicted', () => {
  const outcomes = outcomesOf(madeRun({ listings: false }))
  for (const id of ['eviction-envelope', 'eviction-floor', 'landing', 'gauge-truth'])
    assert.is(outcomes[id], 'inconclusive', id)
  for (const id of ['no-storm', 'hops', 'downtime', 'conservation']) assert.is(outcomes[id], 'pass', id)
})

test('an unhealthy harness leaves rates open, but not what no stall explains', () => {
  const starved = { loopDelayP99Ms: 300, loopDelayMaxMs: 310 }
  assert.is(outcomesOf(madeRun({ health: starved }))['harness-healthy'], 'inconclusive')
  assert.is(outcomesOf(madeRun({ health: starved }))['no-storm'], 'inconclusive')
  assert.is(outcomesOf(madeRun({ health: starved, perTick: 1000 }))['no-storm'], 'fail')
})

test('an embedded cluster that did not keep up leaves rates open as well, and is named', () => {
  const loop = (process: 'harness' | 'embedded cluster', lateMs: number) => ({
    ...{ process, watchedMs: 1000, lateMs, loopDelayP99Ms: lateMs, loopDelayMaxMs: lateMs },
  })
  const health = {
    processes: [loop('harness', 0), loop('embedded cluster', 300)],
    machine: { cpuPressureShare: 0.9 },
  }
  const { outcome, sentence, figures } = findingOf(madeRun({ health }), 'harness-healthy')
  assert.is(outcome, 'inconclusive')
  assert.match(sentence, /the event loop of the embedded cluster was over 50 ms late for 30\.0 % of the time/)
  assert.match(sentence, /processes waited for a CPU for 90 % of the time/)
  assert.is(figures.lateProcess, 'embedded cluster')
  assert.is(outcomesOf(madeRun({ health }))['no-storm'], 'inconclusive')
  const calm = { processes: [loop('harness', 0), loop('embedded cluster', 5)] }
  assert.is(outcomesOf(madeRun({ health: calm }))['harness-healthy'], 'pass')
})

test('an empty record proves nothing', () => {
  const record = madeRun()
  const empty = {
    ...record,
    events: [],
    scrapes: [],
    clients: { ...record.clients, length: 0 },
  }
  for (const outcome of Object.values(outcomesOf(empty as RunRecord))) assert.is.not(outcome, 'pass')
})

test('sentences say who and when', () => {
  const { sentence } = findingOf(madeRun({ perTick: 1000 }), 'eviction-envelope')
  assert.match(sentence, /blue-\d evicted \d+ clients within .* s, at \+\d+\.\d s after the trigger/)
  assert.ok(TRIGGER < FIRST_DRAIN)
})

test.run()
