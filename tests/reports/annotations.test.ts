/** Annotations of a GitHub Actions job: what a runner's parser makes of them. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { renderAnnotations } from '#weir/reports/index.ts'
import { hostileReport, smallReport } from './small-report.ts'

const LINE = /^::(error|warning|notice) title=([^:,\r\n]*)::([^\r\n]*)$/
const decoded = (text: string) =>
  text
    .replaceAll('%2C', ',')
    .replaceAll('%3A', ':')
    .replaceAll('%0A', '\n')
    .replaceAll('%0D', '\r')
    .replaceAll('%25', '%')

function parsed(line: string) {
  const [, level, title = '', message = ''] = LINE.exec(line) ?? []
  assert.ok(level, `a runner would print this as it is: ${line}`)
  return { level, title: decoded(title), message: decoded(message) }
}

test('the headline with the key figures comes first, then a cause, what follows from it, and what is open', () => {
  const report = smallReport()
  const [first, ...rest] = renderAnnotations(report).map(parsed)
  assert.is(first!.level, 'error')
  assert.is(first!.title, `weir ${report.verdict.scenario}: fail`)
  const [headline, figures = ''] = first!.message.split('\n')
  assert.is(headline, report.verdict.headline)
  assert.match(figures, /^clients 3, evictions \d/)
  assert.equal(
    rest.map(({ level, title }) => [level, title.split(': ')[1]]),
    [
      ['error', 'cause of 1'],
      ['error', 'conservation'],
      ['warning', 'eviction-slope'],
    ],
  )
})

test('a cause is an annotation of its own that names what follows from it', () => {
  const [, cause] = renderAnnotations(smallReport()).map(parsed)
  assert.is(
    cause!.message,
    'A release of the operator loses clients.\nconservation\nSee https://github.com/weir-mqtt/weir/blob/main/docs/contract/operator.md#rebalance',
  )
})

test('names of a cluster begin no command of their own', () => {
  const lines = renderAnnotations(hostileReport())
  for (const line of lines) parsed(line)
  assert.ok(lines.length > 1)
})

test('a job shows ten of a level: the most urgent are kept', () => {
  const report = smallReport()
  const [finding] = report.verdict.findings.filter(({ outcome }) => outcome === 'fail')
  report.verdict.findings = Array.from({ length: 20 }, (_, index) => ({ ...finding!, id: `a-${index}` }))
  assert.is(renderAnnotations(report).length, 10)
})

test.run()
