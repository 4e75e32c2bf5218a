/** The verdict of two sources: whose labels and whose outcome it has. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compared, type Sources } from '#weir/assertions/verdict/compared.ts'
import type { Finding, Outcome } from '#weir/assertions/verdict/verdict.ts'
import type { Scrape } from '#weir/facts/index.ts'

const S = 1e9

const scrapesEvery = (seconds: number, ok: (t: number) => boolean = () => true): Scrape[] =>
  Array.from({ length: Math.floor(100 / seconds) }, (_, i) => {
    const t = (i + 1) * seconds * S
    return { t, tookNs: 0, pod: 'a-0', node: 'emqx@a-0', ok: ok(t), metrics: {} }
  })

const sources = (own: number, other: number): Sources => ({
  own: { every: own, scrapes: scrapesEvery(own) },
  other: { every: other, scrapes: scrapesEvery(other) },
})

const finding = (outcome: Outcome, more: Partial<Finding> = {}): Finding => ({
  id: 'eviction-slope',
  title: '',
  outcome,
  bound: '',
  measured: '',
  sentence: `It was ${outcome}.`,
  evidence: [{ file: 'metrics.ndjson', fromT: 40 * S, toT: 60 * S, what: '' }],
  figures: {},
  ...more,
})

const LABELS = { deviation: 'own', despiteHarness: true }
const DISAGREEMENT = {
  ...{ metric: 'm', node: 'n', own: 1, other: 2, readings: 2 },
  at: { ns: S, from: 'start' } as const,
}

test('a finding that another source decides has the labels of that source', () => {
  const passed = compared(finding('fail', LABELS), finding('pass'), sources(10, 5), undefined)
  assert.is(passed.outcome, 'pass')
  assert.not.ok('deviation' in passed)
  assert.not.ok('despiteHarness' in passed)
  const failed = compared(
    finding('pass'),
    finding('fail', { deviation: 'other', despiteHarness: true }),
    sources(10, 5),
    undefined,
  )
  assert.equal([failed.outcome, failed.deviation, failed.despiteHarness], ['fail', 'other', true])
  const shown = compared(
    finding('inconclusive', { settle: 'Rerun.' }),
    finding('fail', { deviation: 'other' }),
    sources(5, 10),
    undefined,
  )
  assert.equal([shown.outcome, shown.deviation, shown.settle], ['fail', 'other', undefined])
})

test('an inconclusive finding has none of them', () => {
  const disagreed = compared(finding('fail', LABELS), finding('pass'), sources(5, 10), DISAGREEMENT)
  const { own, other } = sources(10, 5)
  const blind = { ...other, scrapes: scrapesEvery(5, (t) => t < 40 * S || t > 60 * S) }
  const unseen = compared(finding('fail', LABELS), finding('pass'), { own, other: blind }, undefined)
  for (const one of [disagreed, unseen]) {
    assert.is(one.outcome, 'inconclusive')
    assert.ok(one.settle)
    assert.not.ok('deviation' in one)
    assert.not.ok('despiteHarness' in one)
  }
})

test('a source with a gap in the evidence of a failure disproves nothing', () => {
  const { own, other } = sources(10, 5)
  const evidence = [{ file: 'metrics.ndjson', fromT: 10 * S, toT: 90 * S, what: '' }] as const
  const failed = finding('fail', { evidence: [...evidence] })
  const torn = { ...other, scrapes: scrapesEvery(5, (t) => t < 30 * S || t > 70 * S) }
  assert.is(compared(failed, finding('pass'), { own, other }, undefined).outcome, 'pass')
  assert.is(compared(failed, finding('pass'), { own, other: torn }, undefined).outcome, 'inconclusive')
  const otherPod = { ...other, scrapes: other.scrapes.map((one) => ({ ...one, pod: 'b-0' })) }
  assert.is(compared(failed, finding('pass'), { own, other: otherPod }, undefined).outcome, 'inconclusive')
})

test.run()
