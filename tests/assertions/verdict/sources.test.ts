/** What a Prometheus scraped, beside weir's own scrapes and instead of them. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge, type Verdict } from '#weir/assertions/index.ts'
import type { Scrape } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { mutantOf, type Settings, settingsOf, simulate, withEmqx5 } from '../../simulator/index.ts'

const INTERVALS = [1, 5, 10, 15, 30, 60]

const withPrometheus = (settings: Settings): Settings => ({
  ...settings,
  prometheusSeconds: INTERVALS[settings.seed % INTERVALS.length]!,
})

/** As with `observe.scrape: false`. */
const alone = (record: RunRecord): RunRecord => ({ ...record, scrapes: [] })

const findingOf = ({ findings }: Verdict, id: string) => findings.find((finding) => finding.id === id)!

/** Drains of half a minute and more, which gauges show at ten seconds. */
const SLOW: Settings = {
  ...settingsOf(11),
  parameters: {
    ...settingsOf(11).parameters,
    ...{ clients: 1500, nodes: 3, connEvictRate: 5, scrapeIntervalSeconds: 2, initialDelaySeconds: 5 },
    reconnect: { policy: 'simulated', minMs: 1000, maxMs: 1000 },
  },
  liveGauge: { old: true, new: true },
  prometheusSeconds: 10,
}
const slow = simulate(SLOW)

const RUNS = 24

for (const [name, as] of [
  ['EMQX 4.4', (one: Settings) => one],
  ['EMQX 5', withEmqx5],
] as const)
  test(`${name}: in ${RUNS} honest runs nothing fails by a Prometheus, whatever its interval, alone or not`, () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const record = simulate(withPrometheus(as(settingsOf(seed))))
      for (const one of [record, alone(record)])
        for (const { id, outcome, sentence } of judge(one).findings)
          assert.is.not(outcome, 'fail', `seed ${seed}: ${id} cries wolf: ${sentence}`)
    }
  })

test('a record without a Prometheus is judged as ever', () => {
  const { prometheus: _, ...older } = slow
  const verdict = judge(older)
  assert.not.match(JSON.stringify(verdict), /prometheus/i)
  assert.is(findingOf(verdict, 'eviction-slope').outcome, 'pass')
})

test('both sources agree: the finding says so, with the interval of the Prometheus and its evidence', () => {
  const verdict = judge(slow)
  for (const id of ['eviction-slope', 'gauge-truth', 'conservation']) {
    const { outcome, sentence, figures } = findingOf(verdict, id)
    assert.is(outcome, 'pass', sentence)
    assert.match(sentence, /Prometheus, which scraped every 10 s, shows the same\.$/)
    assert.is(figures.prometheus, 'pass')
    assert.is(figures.prometheusEverySeconds, 10)
  }
  assert.ok(
    findingOf(verdict, 'eviction-slope').evidence.some(({ file }) => file === 'prometheus.ndjson'),
    'the evidence of both',
  )
  for (const id of ['no-storm', 'all-new', 'harness-healthy'])
    assert.not.match(findingOf(verdict, id).sentence, /Prometheus/, `${id} rests on no gauge`)
})

test('a Prometheus alone is enough: the finding says that it rests on it', () => {
  const verdict = judge(alone(slow))
  for (const id of ['eviction-slope', 'gauge-truth', 'conservation']) {
    const { outcome, sentence, evidence } = findingOf(verdict, id)
    assert.is(outcome, 'pass', sentence)
    assert.match(sentence, /Shown by Prometheus alone, which scraped every 10 s\.$/)
    assert.not.ok(
      evidence.some(({ file }) => file === 'metrics.ndjson'),
      id,
    )
  }
})

test('scrapes that all failed are none: the Prometheus is the source', () => {
  const failed = slow.scrapes.map((one): Scrape => ({ ...one, ok: false, metrics: {} }))
  const { outcome, sentence } = findingOf(judge({ ...slow, scrapes: failed }), 'eviction-slope')
  assert.is(outcome, 'pass', sentence)
  assert.match(sentence, /Prometheus alone/)
})

for (const fault of ['rate-ignored', 'all-at-once'])
  test(`${fault} fails by a Prometheus alone, and nothing else fails by it`, () => {
    let seen = 0
    for (let seed = 1; seed <= 6; seed++) {
      const record = alone(simulate({ ...mutantOf(seed, fault), prometheusSeconds: 5 }))
      const { outcome, sentence } = findingOf(
        judge(record, { asserts: [{ id: 'eviction-slope' }] }),
        'eviction-slope',
      )
      assert.is.not(outcome, 'pass', `seed ${seed}: ${sentence}`)
      if (outcome !== 'fail') continue
      seen++
      assert.match(sentence, /The gauge of .* Shown by Prometheus alone/)
      assert.is.not(
        findingOf(judge(record, { asserts: [{ id: 'gauge-truth' }] }), 'gauge-truth').outcome,
        'fail',
      )
    }
    assert.ok(seen >= 3, `only ${seen} of 6 runs fail`)
  })

const healthless = ({ events }: RunRecord) => events.filter(({ type }) => type !== 'health')

const OLD_POD = slow.scrapes[0]!.pod
const failedOn = (scrapes: readonly Scrape[]): Scrape[] =>
  scrapes.map((one) => (one.pod === OLD_POD ? { ...one, ok: false, metrics: {} } : one))

const { prometheus: _, ...ownOnly } = slow
const untargeted = slow.prometheus!.filter(({ pod }) => pod !== OLD_POD)
const unscrapedRuns: readonly (readonly [string, RunRecord])[] = [
  ['no target of Prometheus', alone({ ...slow, prometheus: untargeted })],
  ['always down for Prometheus', alone({ ...slow, prometheus: failedOn(slow.prometheus!) })],
  ['never answering weir', { ...ownOnly, scrapes: failedOn(slow.scrapes) }],
]

for (const [name, record] of unscrapedRuns)
  test(`an old pod that is ${name}: what it holds is unknown, not zero`, () => {
    const verdict = judge(record)
    const sums = findingOf(verdict, 'conservation')
    assert.is(sums.outcome, 'pass', sums.sentence)
    for (const [id, why] of [
      ['eviction-slope', /no scrape of it succeeded/],
      ['gauge-truth', /only \d+ of \d+ readings could be compared/],
    ] as const) {
      const asserts = [{ id }]
      const { outcome, sentence, settle } = findingOf(judge(record, { asserts }), id)
      assert.is(outcome, 'inconclusive', `${id}: ${sentence}`)
      assert.match(findingOf(judge({ ...record, events: healthless(record) }, { asserts }), id).sentence, why)
      assert.ok(settle)
    }
  })

const every = (record: RunRecord, seconds: number): RunRecord => {
  const lastT = new Map<string, number>()
  const prometheus = record.prometheus!.filter(({ pod, t }) => {
    if (t - (lastT.get(pod) ?? Number.NEGATIVE_INFINITY) < (seconds - 1) * 1e9) return false
    lastT.set(pod, t)
    return true
  })
  return { ...record, prometheus }
}

test('another interval is noticed, and what it is too coarse for is inconclusive with the reason', () => {
  const coarse = every(slow, 60)
  const { outcome, sentence, settle } = findingOf(judge(alone(coarse)), 'eviction-slope')
  assert.is(outcome, 'inconclusive', sentence)
  assert.match(
    sentence,
    /its drain has only \d readings?.*Only Prometheus was read, which scraped every 60 s/,
  )
  assert.ok(settle)
  const both = findingOf(judge(coarse), 'eviction-slope')
  assert.is(both.outcome, 'pass')
  assert.match(both.sentence, /every 60 s, cannot show it: the slope of .* has only \d reading/)
})

test('a gap proves nothing', () => {
  const trigger = slow.events.find((event) => event.type === 'mark' && event.name === 'trigger')!.t
  const prometheus = slow.prometheus!.filter(({ t }) => t < trigger || t > trigger + 130e9)
  for (const id of ['eviction-slope', 'gauge-truth']) {
    const { outcome, sentence } = findingOf(judge(alone({ ...slow, prometheus })), id)
    assert.is(outcome, 'inconclusive', `${id}: ${sentence}`)
  }
})

test('own scrapes that cannot show it are made up for', () => {
  const scrapes = slow.scrapes.filter((_, i) => i < 20)
  const { outcome, sentence } = findingOf(judge({ ...slow, scrapes }), 'eviction-slope')
  assert.is(outcome, 'pass', sentence)
  assert.match(sentence, /Only Prometheus, which scraped every 10 s, shows it; the scrapes of weir do not/)
})

const scaled = (scrapes: readonly Scrape[], factor: number): Scrape[] =>
  scrapes.map((one) => ({
    ...one,
    metrics: Object.fromEntries(
      Object.entries(one.metrics).map(([name, value]) => [name, Math.round(value * factor)]),
    ),
  }))

test('sources that disagree about a gauge prove nothing where only one of them fails', () => {
  for (const record of [
    { ...slow, prometheus: scaled(slow.prometheus!, 0.5) },
    { ...slow, scrapes: scaled(slow.scrapes, 0.5) },
  ]) {
    const { outcome, sentence, settle } = findingOf(judge(record), 'gauge-truth')
    assert.is(outcome, 'inconclusive', sentence)
    assert.match(sentence, /the two sources disagree: .*Prometheus shows emqx_/)
    assert.match(settle ?? '', /^Check the targets of both sources/)
  }
})

test('a failure that only the finer source shows stands, and the coarser is quoted', () => {
  const settings = { ...mutantOf(2, 'rate-ignored'), prometheusSeconds: 60 }
  const verdict = judge(simulate(settings))
  const { outcome, sentence } = findingOf(verdict, 'eviction-slope')
  assert.is(outcome, 'fail', sentence)
  assert.match(
    sentence,
    /Prometheus, which scraped every \d+(\.\d)? s, (cannot show it|does not show it|shows the same)/,
  )
})

const TRIGGER = slow.events.find((event) => event.type === 'mark' && event.name === 'trigger')!.t

/** Every gauge halved in the readings within a second after `t`: clients that seem lost. */
const dipped = (scrapes: readonly Scrape[], fromT: number): Scrape[] =>
  scrapes.flatMap((one) => (one.t >= fromT && one.t < fromT + 1e9 ? scaled([one], 0.5) : [one]))
/** Failed scrapes in the 20 s on either side. */
const failedAround = (scrapes: readonly Scrape[], t: number): Scrape[] =>
  scrapes.map((one) => (Math.abs(one.t - t) < 20e9 ? { ...one, ok: false, metrics: {} } : one))
const sumsOf = (record: RunRecord) =>
  findingOf(judge(record, { asserts: [{ id: 'conservation' }] }), 'conservation')

test('a failure by weir is not disproved by a finer Prometheus whose scrapes failed at that time', () => {
  const parameters = { ...SLOW.parameters, scrapeIntervalSeconds: 10 }
  const record = simulate({ ...SLOW, parameters, prometheusSeconds: 5 })
  const { t } = record.scrapes.find((one) => one.t > TRIGGER + 90e9)!
  const scrapes = dipped(record.scrapes, t - 1)
  const seen = sumsOf({ ...record, scrapes })
  assert.is(seen.outcome, 'pass', seen.sentence)
  assert.match(seen.sentence, /So Prometheus, which scraped every 5 s, shows it/)
  const blind = sumsOf({ ...record, scrapes, prometheus: failedAround(record.prometheus!, t) })
  assert.is(blind.outcome, 'inconclusive', blind.sentence)
  assert.match(
    blind.sentence,
    /the scrapes of weir show a failure, and Prometheus, .* has no reading of each pod at that time: .* added up to/,
  )
  assert.match(blind.settle ?? '', /without failed scrapes/)
})

test('nor a failure by Prometheus by the finer scrapes of weir', () => {
  const { t } = slow.prometheus!.find((one) => one.t > TRIGGER + 90e9)!
  const prometheus = slow.prometheus!.map((one) =>
    Math.abs(one.t - t) < 6e9 ? { ...one, metrics: scaled([one], 0.5)[0]!.metrics } : one,
  )
  const seen = sumsOf({ ...slow, prometheus })
  assert.is(seen.outcome, 'pass', seen.sentence)
  assert.match(seen.sentence, /Prometheus, which scraped every 10 s, shows it otherwise/)
  const blind = sumsOf({ ...slow, prometheus, scrapes: failedAround(slow.scrapes, t) })
  assert.is(blind.outcome, 'inconclusive', blind.sentence)
  assert.match(blind.sentence, /Prometheus, .* shows a failure, and the scrapes of weir have no reading/)
})

test('a Prometheus that gave nothing: the reason is told; without own scrapes it is why nothing is known', () => {
  const why = 'Prometheus http://127.0.0.1:9 does not answer (ECONNREFUSED): see that it runs'
  const failure = {
    t: 5e9,
    type: 'api-failure',
    api: 'prometheus',
    via: 'http://127.0.0.1:9',
    error: why,
  } as const
  const unread: RunRecord = { ...slow, prometheus: [], events: [...slow.events, failure] }
  const beside = findingOf(judge(unread), 'eviction-slope')
  assert.is(beside.outcome, 'pass')
  assert.ok(beside.sentence.endsWith(`Prometheus shows nothing: ${why}.`), beside.sentence)
  for (const id of ['eviction-slope', 'gauge-truth']) {
    const nothing = findingOf(judge(alone(unread)), id)
    assert.is(nothing.outcome, 'inconclusive')
    assert.ok(nothing.sentence.includes(why), nothing.sentence)
    assert.ok(nothing.settle)
  }
  assert.is(findingOf(judge(alone(unread)), 'conservation').outcome, 'pass', 'the clients show it')
})

test('scrapes of the Prometheus that all failed are said to have', () => {
  const prometheus = slow.prometheus!.map((one): Scrape => ({ ...one, ok: false, metrics: {} }))
  const { sentence } = findingOf(judge({ ...slow, prometheus }), 'gauge-truth')
  assert.match(sentence, /each of the \d+ scrapes of the Prometheus failed: see the errors/)
})

test('a torn prometheus.ndjson takes nothing from what weir itself scraped', () => {
  const torn: RunRecord = {
    ...slow,
    damage: [{ file: 'prometheus.ndjson', what: 'the last line (9) is cut off' }],
  }
  assert.is(findingOf(judge(torn), 'eviction-slope').outcome, 'pass')
  assert.is(findingOf(judge(torn), 'all-new').outcome, 'pass')
})

test.run()
