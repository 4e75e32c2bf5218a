/** Labels tell runs of a matrix apart in every report, and stay text. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { renderHtml, renderJunit, renderMarkdown } from '#weir/reports/index.ts'
import { smallReport } from './small-report.ts'

function labelled(labels: Record<string, string>) {
  const report = smallReport()
  report.run.record.manifest.labels = labels
  return report
}

test('suite, class names and titles have the labels', () => {
  const report = labelled({ operator: '2.2.29', emqx: '5.8' })
  const words = `${report.verdict.scenario} (operator=2.2.29, emqx=5.8)`
  const junit = renderJunit(report)
  assert.ok(junit.includes(`<testsuite name="${words}"`))
  assert.ok(junit.includes(`classname="weir.${words.replaceAll('.', '_')}"`))
  assert.ok(renderHtml(report).includes(`· ${words}</p>`))
  assert.ok(renderHtml(report).includes(`: ${words} · weir</title>`))
  assert.match(renderMarkdown(report), /^## .*weir .*\(operator=2\.2\.29, emqx=5\.8\)\n/)
})

test('a label is no markup', () => {
  const report = labelled({ a: '"<blink>' })
  assert.not.match(renderHtml(report), /<blink>/)
  assert.not.match(renderJunit(report), /<blink>/)
})

test.run()
