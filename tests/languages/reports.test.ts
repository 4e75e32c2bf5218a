/** The texts of reports: none without its counterpart, and no English line in a report that is in Chinese. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { inLanguage } from '#weir/facts/index.ts'
import { compareFigures, FLOORS, type RunSet } from '#weir/gate/index.ts'
import type { Settings } from '#weir/gate/settings.ts'
import { viewOf } from '#weir/record/view/index.ts'
import {
  comparisonTable,
  livePage,
  type Report,
  renderAnnotations,
  renderComparison,
  renderComparisonMarkdown,
  renderHtml,
  renderJunit,
  renderMarkdown,
  renderTerminal,
} from '#weir/reports/index.ts'
import { columnsOf } from '#weir/reports/text/columns.ts'
import { english as chartsInEnglish } from '#weir/reports/texts/charts-en.ts'
import { chinese as chartsInChinese } from '#weir/reports/texts/charts-zh.ts'
import { english as comparisonInEnglish } from '#weir/reports/texts/comparison-en.ts'
import { chinese as comparisonInChinese } from '#weir/reports/texts/comparison-zh.ts'
import { english } from '#weir/reports/texts/en.ts'
import { english as factsInEnglish } from '#weir/reports/texts/facts-en.ts'
import { chinese as factsInChinese } from '#weir/reports/texts/facts-zh.ts'
import { english as htmlInEnglish } from '#weir/reports/texts/html-en.ts'
import { chinese as htmlInChinese } from '#weir/reports/texts/html-zh.ts'
import { english as scriptInEnglish } from '#weir/reports/texts/script-en.ts'
import { chinese as scriptInChinese } from '#weir/reports/texts/script-zh.ts'
import { english as timelineInEnglish } from '#weir/reports/texts/timeline-en.ts'
import { chinese as timelineInChinese } from '#weir/reports/texts/timeline-zh.ts'
import { chinese } from '#weir/reports/texts/zh.ts'
import { settingsOf, simulate, withEmqx5 } from '../simulator/index.ts'
import { HAN, leavesOf, sourceOf } from './leaves.ts'

/** Put together of parts, or with units alone. */
const WORDLESS: readonly string[] = [
  'outcomeHeading',
  'listed',
  'sentences',
  'noted',
  'markdown.title',
  'tally',
  'because',
  'groups',
  'range',
  'markdown.columns.0',
  'markdown.messageColumns.0',
  'markdown.evidence',
  'markdown.end',
  'lang',
  'title',
  'span',
  'membership',
  'evidenceTitle',
  'pod',
  'columns.0',
  'columns.4',
  'podColumns.0',
  'kinds.pod',
]

const CATALOGUES: [english: object, chinese: object][] = [
  [english, chinese],
  [factsInEnglish, factsInChinese],
  [htmlInEnglish, htmlInChinese],
  [chartsInEnglish, chartsInChinese],
  [timelineInEnglish, timelineInChinese],
  [scriptInEnglish, scriptInChinese],
  [comparisonInEnglish, comparisonInChinese],
]

test('every text of the reports is in Chinese', () => {
  for (const [one, other] of CATALOGUES) {
    const texts = new Map(leavesOf(other))
    const untranslated = leavesOf(one).filter(([path]) => !HAN.test(sourceOf(texts.get(path))))
    assert.equal(
      untranslated.map(([path]) => path).filter((path) => !WORDLESS.includes(path)),
      [],
    )
  }
})

const ENGLISH = /\b[a-z]{2,} (?:[a-z]+ )+[a-z]{2,}\b|\b(?:the|was|were|and|not|of|to|from|bound|measured)\b/
/** MQTT's words for a code, attributes of JUnit, an order of a runner, a command, an id. */
const MARKUP =
  /（[a-z0-9 ]+）|<[?/]?\w+|\b(?:name|value|classname|message|type|tests|failures|errors|time|skipped|timestamp|version|encoding|title)=|::\w+|weir run.*|npx .*/g

const reportOf = (record: ReturnType<typeof simulate>): Report => ({
  run: viewOf(record),
  verdict: judge(record),
})

const lines = (report: Report): string[] =>
  [
    renderTerminal(report, { columns: 100, colour: false }),
    renderMarkdown(report),
    renderJunit(report),
    ...renderAnnotations(report),
  ].flatMap((text) => text.split('\n'))

test('reports in Chinese have no English sentence, and no line that is too wide', () => {
  inLanguage('zh', () => {
    const records = [
      simulate(settingsOf(3)),
      simulate(settingsOf(5, ['all-at-once'])),
      simulate(withEmqx5(settingsOf(4, ['lost-client']))),
    ]
    for (const report of records.map(reportOf)) {
      const wrong = lines(report).filter((line) => ENGLISH.test(line.replaceAll(MARKUP, '')))
      assert.equal(wrong, [])
      for (const line of renderTerminal(report, { columns: 80, colour: false }).split('\n'))
        assert.ok(columnsOf(line) <= 80, line)
    }
  })
})

/** What a reader sees of a page, or hears: text, labels, and the data that its script shows. */
function shownIn(html: string): string[] {
  const [, json = ''] = /<script type="application\/json" id="page-data">(.*?)<\/script>/s.exec(html) ?? []
  const { flags, timeline, texts, evidence } = JSON.parse(json)
  const page = html.replaceAll(/<(style|script)[ >].*?<\/\1>/gs, '')
  return [
    ...page.split(/<[^>]*>/),
    ...[...page.matchAll(/aria-label="([^"]*)"/g)].map(([, label]) => label!),
    ...flags.map(({ text }: { text: string }) => text),
    ...timeline.map(([, , text]: [number, string, string]) => text),
    ...evidence.map(({ what }: { what: string }) => what),
    ...leavesOf(texts).map(([, text]) => String(text)),
  ].filter((text) => text.trim() !== '')
}

test('a comparison of runs and the page of a run under way are in Chinese', () => {
  const settings = { scenario: 's', clients: 300, connEvictRate: 10, resource: 'EMQX' } as Settings
  const set = (values: number[]): RunSet => ({
    ...{ settings, runs: values.length, leftOut: [] },
    figures: { downtimeMax: values, refusals: [0, 1, 2], offlinePeak: values.slice(1) },
  })
  const [base, now] = [set([1, 1.1, 1.05]), set([3, 3.1, 3.05])]
  inLanguage('zh', () => {
    const comparisons = compareFigures(base.figures, now.figures, FLOORS)
    const views = { base: [], now: [] }
    const texts = [
      ...renderComparisonMarkdown(base, now, comparisons).split('\n'),
      ...comparisonTable(comparisons).flat(),
      ...renderComparison(base, now, comparisons, views)
        .replace(/<style>.*?<\/style>/s, '')
        .split(/<[^>]*>/),
      ...livePage('a run')
        .replaceAll(/<(style|script)>.*?<\/\1>/gs, '')
        .split(/<[^>]*>/),
    ].filter((text) => text.trim() !== '')
    assert.ok(texts.length > 30)
    assert.equal(
      texts.filter((text) => ENGLISH.test(text)),
      [],
    )
    assert.match(texts[0]!, /^## 与基线比较：.*1 项变差/)
  })
})

test('the page is in Chinese, with what its script shows', () => {
  const record = simulate(withEmqx5(settingsOf(5, ['all-at-once'])))
  const inEnglish = renderHtml(reportOf(record))
  assert.match(inEnglish, /<html lang="en">/)
  assert.equal(
    shownIn(inEnglish).filter((text) => HAN.test(text)),
    [],
  )
  const html = inLanguage('zh', () => renderHtml(reportOf(record)))
  assert.match(html, /<html lang="zh-CN">/)
  const shown = shownIn(html)
  assert.ok(shown.length > 200, `only ${shown.length} texts were found: the test is blind`)
  const wrong = shown.filter((text) => ENGLISH.test(text.replaceAll(MARKUP, '').replaceAll(/\{\w+\}/g, '')))
  assert.equal(wrong, [])
})

test.run()
