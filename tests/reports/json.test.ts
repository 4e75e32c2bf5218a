import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { renderJson } from '#weir/reports/index.ts'
import { smallReport, smallVerdict } from './small-report.ts'

test('it holds the verdict as it is, and the facts beside it', () => {
  const content = JSON.parse(renderJson(smallReport()))
  assert.equal(content.verdict, smallVerdict())
  assert.is(content.scenario, 'small')
  assert.is(content.startedUnixMs, Date.UTC(2026, 0, 2, 3, 4, 5))
  assert.equal(content.counts, {
    clients: 3,
    connections: 5,
    attempts: 2,
    evictions: 3,
    scrapes: 4,
    failedScrapes: 1,
  })
  assert.equal(content.end, { t: 40e9, how: 'completed' })
  assert.equal(content.warnings, ['Faults are switched on: lost-client.'])
})

test('a killed run has no end and says so', () => {
  const report = smallReport()
  delete report.run.record.manifest.end
  const content = JSON.parse(renderJson(report))
  assert.is(content.end, null)
  assert.match(content.warnings.join(), /killed/)
})

test.run()
