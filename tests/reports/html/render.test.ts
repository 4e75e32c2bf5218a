import { createHash } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { repositoryUrl } from '#weir/errors/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { renderHtml } from '#weir/reports/index.ts'
import { keyFigures } from '#weir/reports/key-figures.ts'
import { inPods, losing } from '../../assertions/fleet-in-pods.ts'
import { settingsOf, simulate } from '../../simulator/index.ts'
import { HOSTILE, hostileReport, smallReport } from '../small-report.ts'

const dataOf = (html: string) => {
  const [, json] = /<script type="application\/json" id="page-data">(.*?)<\/script>/s.exec(html) ?? []
  return JSON.parse(json!)
}

test('the policy lets exactly the written script and style run, and nothing in from anywhere', () => {
  const html = renderHtml(smallReport())
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? []
  assert.match(
    policy!,
    /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; base-uri 'none'/,
  )
  const script = /<script>(.*?)<\/script>/s.exec(html)![1]!
  const style = /<style>(.*?)<\/style>/s.exec(html)![1]!
  assert.not.match(script, /<\/script|<!--/i, 'nothing in it ends its element')
  for (const text of [script, style])
    assert.ok(policy!.includes(createHash('sha256').update(text).digest('base64')), 'a hash does not match')
  // A reader may follow a link to the docs; the page itself loads nothing.
  const [link, ...more] = html.match(/<a href="(?!#)[^"]*"/g) ?? []
  assert.equal(
    [link, more],
    [`<a href="${repositoryUrl()}/blob/main/docs/contract/operator.md#rebalance"`, []],
  )
  assert.not.match(html.replace(link!, ''), /\s(src|href)="(?!#)/)
  assert.not.match(html, /\sstyle="/)
  assert.not.match(html, /\son\w+="/)
})

test('a finding leads to its evidence, and the evidence to a chart and to what clients did', () => {
  const html = renderHtml(smallReport())
  assert.match(html, /<a href="#evidence-conservation-1"/)
  const [evidence] = dataOf(html).evidence
  assert.is(evidence.anchor, 'evidence-conservation-1')
  assert.is(evidence.chart, 'connections')
  assert.equal([evidence.from, evidence.to], [10, 10.5])
  assert.equal(evidence.clients, ['3 × disconnected: disconnect-packet 0x9c'])
  assert.match(html, new RegExp(`id="chart-${evidence.chart}"`))
})

test('the head says what ran, where its record is, and how to make it again', () => {
  const report = smallReport()
  report.folder = '2026-01-02T03-04-05Z-small'
  report.run.record.manifest.command = ['run', 'small', '--seed', '7', '--set', "description=It's small"]
  const [head = ''] = renderHtml(report).split('</header>')
  assert.match(head, /<dt>EMQX<\/dt><dd>4\.4\.14 → 4\.4\.19<\/dd>/)
  assert.match(head, /<dt>operator<\/dt><dd>2\.1\.2<\/dd>/)
  assert.match(head, /<dt>record<\/dt><dd>2026-01-02T03-04-05Z-small<\/dd>/)
  const [, command = ''] = /<code>(.*?)<\/code>/.exec(head) ?? []
  assert.is(command.replaceAll('&#39;', "'"), "weir run small --seed 7 --set 'description=It'\\''s small'")
})

test('the contents name the sections that there are, and stay without a script', () => {
  const html = renderHtml(smallReport())
  const [, nav = ''] = /<nav class="contents"[^>]*>(.*?)<\/nav>/s.exec(html) ?? []
  const targets = [...nav.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!)
  assert.ok(targets.length >= 5)
  for (const id of targets) assert.ok(html.includes(` id="${id}"`), id)
})

test("each of the run's moments leads to its mark in the timeline", () => {
  const { flags, timeline } = dataOf(renderHtml(smallReport()))
  const moments = flags.filter(({ kind }: { kind: string }) => kind === 'moment')
  assert.equal(
    moments.map(({ text, event }: { text: string; event: number }) => [text, ...timeline[event].slice(1)]),
    [
      ['fleet connected', 'mark', 'fleet-ready'],
      ['trigger', 'mark', 'trigger'],
      ['change done', 'mark', 'upgrade-done'],
      ['fleet stops', 'mark', 'fleet-stopping'],
    ],
  )
})

test('every chart has its words for those who cannot see it', () => {
  const html = renderHtml(smallReport())
  for (const id of ['connections', 'rates', 'burst', 'offline', 'membership', 'health']) {
    const [, text] = new RegExp(`id="${id}-text">([^<]+)<`).exec(html) ?? []
    assert.ok(text && text.length > 20, `${id} has no words`)
    assert.match(html, new RegExp(`aria-describedby="${id}-text"`))
  }
})

test('a lost fleet pod: the charts of clients say up to when its clients are drawn', () => {
  const render = (record: RunRecord) => renderHtml({ run: viewOf(record), verdict: judge(record) })
  const note =
    /<p class="note">[^<]*Clients of a lost fleet pod are drawn until the moment up to which they are known/g
  const lost = render(losing())
  assert.is(lost.match(note)?.length, 2, 'connections and offline')
  assert.match(lost, /; the red dotted line counts them from then on\.</)
  assert.match(
    lost,
    /id="connections-text">[^<]* From [^<]* on the 100 clients of weir-fleet-x-1 are unknown\.</,
  )
  assert.is(Math.max(...dataOf(lost).connections.lost), 100)
  const figure = (record: RunRecord, wanted: string) =>
    keyFigures({ run: viewOf(record), verdict: judge(record) }).find(({ name }) => name === wanted)?.value
  assert.is(figure(losing(), 'messages lost'), 'unknown')
  assert.is(figure(inPods(), 'messages lost'), '0')
  assert.is(figure(losing(), 'peak attempts/s'), 'unknown')
  assert.ok(Number(figure(inPods(), 'peak attempts/s')) > 0)
  const record = losing()
  assert.match(
    render({ ...record, messages: { ...record.messages!, settled: false } }),
    /The part of a lost fleet pod is not among these\./,
  )
  assert.is(render(inPods()).match(note), null)
})

test('the graph of a Prometheus: a line per pod in steps of its interval, with gaps where it has none', () => {
  assert.not.match(renderHtml(smallReport()), /data-chart="prometheus"/)
  const record = simulate({ ...settingsOf(3), prometheusSeconds: 10 })
  const html = renderHtml({ run: viewOf(record), verdict: judge(record) })
  assert.match(html, /<div class="chart" data-chart="prometheus"/)
  assert.match(html, /id="prometheus-text">emqx_connections_count in steps of 10 s: /)
  const { prometheus, nodes } = dataOf(html)
  assert.is(prometheus.perNode.length, nodes.length)
  assert.ok(Math.abs(prometheus.seconds[1] - prometheus.seconds[0] - 10) < 0.01)
  for (const { node, values } of prometheus.perNode) {
    const known = values.filter((value: number | null) => value !== null)
    assert.is(known.at(-1) === 0 || nodes[node].side === 'new', true, 'an old node ends empty')
    assert.is(values.at(-1) === null, nodes[node].side === 'old', 'and is scraped no more')
  }
})

test('hostile text stays text', () => {
  const html = renderHtml(hostileReport())
  const withoutOurs = html.replace(/<script>.*?<\/script>/s, '').replace(/<style>.*?<\/style>/s, '')
  assert.is(withoutOurs.match(/<script/g)!.length, 1, 'only the data is left')
  assert.not.match(withoutOurs, /<img|<!--/)
  assert.not.match(withoutOurs, /[^\P{Cc}\n\t]|\u202e/u)
  const data = dataOf(html)
  assert.ok(
    data.nodes.some((node: { pod: string }) => node.pod.includes('</script>')),
    'and is still there',
  )
  assert.ok(HOSTILE.includes('</script>'))
})

test('the same report twice is the same bytes', () => {
  assert.is(renderHtml(smallReport()), renderHtml(smallReport()))
})

test('a run that was killed early, with nothing known, still has a page', () => {
  const { run, verdict } = smallReport()
  const { parameters: _, end: __, ...manifest } = run.record.manifest
  const empty = { ...run.record, manifest, events: [], scrapes: [] }
  const html = renderHtml({ run: viewOf(empty), verdict })
  assert.match(html, /The run was killed/)
  assert.is(dataOf(html).burst, null)
})

test('3000 clients for seven minutes stay below 300 KB', () => {
  const settings = settingsOf(3)
  settings.parameters = {
    ...settings.parameters,
    clients: 3000,
    nodes: 3,
    connEvictRate: 10,
    sessEvictRate: 10,
    scrapeIntervalSeconds: 1,
    waitTakeoverSeconds: 5,
  }
  const record = simulate(settings)
  const run = viewOf(record)
  assert.ok(run.moments.end > 300e9, 'the run is long enough')
  const html = renderHtml({ run, verdict: judge(record) })
  assert.ok(Buffer.byteLength(html) <= 300_000, `${Buffer.byteLength(html)} bytes`)
})

test.run()
