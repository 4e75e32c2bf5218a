import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FIGURE_IDS, FIGURES, type Figures } from '#weir/facts/index.ts'
import { figuresSection } from '#weir/reports/html/figures-section.ts'
import type { Report } from '#weir/reports/index.ts'
import { smallReport } from '../small-report.ts'

function report(baseline?: Report['baseline']): Report {
  const small = smallReport()
  const figures = Object.fromEntries(
    FIGURE_IDS.map((id) => [id, { value: null, unit: FIGURES[id].unit, better: FIGURES[id].better }]),
  ) as unknown as Figures
  figures.downtimeMax = { value: 4, unit: 's', better: 'lower', bound: 10, margin: 6 }
  figures.offlinePeak = { value: 30, unit: 'clients', better: 'lower' }
  return { ...small, verdict: { ...small.verdict, figures }, ...(baseline && { baseline }) }
}

const cells = (html: string) =>
  html.split('<tr>').map((row) => [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, text]) => text))

test('each figure stands beside its bound and margin', () => {
  const rows = cells(figuresSection(report()))
  assert.equal(rows[1]!.slice(1), ['value', 'bound', 'margin'])
  assert.equal(rows[2], ['longest downtime of a client', '4 s', 'at most 10 s', '6 s'])
  assert.equal(rows[3], ['clients offline at once', '30 clients', '–', '–'])
  assert.is(rows.length, 4)
})

test('with a baseline, beside the median of its runs and their spread', () => {
  const settings = { scenario: 'small' } as never
  const baseline = { settings, runs: 3, leftOut: [], figures: { downtimeMax: [3, 2, 2.5] } }
  const rows = cells(figuresSection(report(baseline)))
  assert.equal(rows[1]!.slice(1), ['value', 'bound', 'margin', 'baseline (3 runs)'])
  assert.equal(rows[2]!.at(-1), '2.5 s (2 to 3)')
  // The baseline does not show it.
  assert.equal(rows[3]!.at(-1), '–')
})

test.run()
