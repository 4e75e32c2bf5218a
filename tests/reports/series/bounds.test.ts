import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { chartBounds } from '#weir/reports/series/bounds.ts'
import { settingsOf, simulate } from '../../simulator/index.ts'

test('attempts are drawn at the rate that no-storm allows, where the verdict has it', () => {
  const run = viewOf(simulate(settingsOf(5)))
  const { connEvictRate } = run.parameters
  const verdict = judge(run.record)
  const findings = verdict.findings.map((finding) =>
    finding.id === 'no-storm'
      ? { ...finding, figures: { ...finding.figures, ratePerSecond: 3 * connEvictRate } }
      : finding,
  )
  const several = chartBounds({ run, verdict: { ...verdict, findings } })
  assert.equal([several?.attemptsPerSecond, several?.ratePerSecond], [3 * connEvictRate, connEvictRate])
  assert.is(chartBounds({ run, verdict: { ...verdict, findings: [] } })?.attemptsPerSecond, connEvictRate)
})

test.run()
