import type { Bounds, HealthEvent } from '#weir/facts/index.ts'
import type { Check } from '../check.ts'
import { scrapeCoverage } from '../evidence/scrape-coverage.ts'
import { judgedSpan } from '../evidence/span.ts'
import { count } from '../evidence/wording.ts'
import { quantile } from '../statistics/index.ts'
import { evidence, pass, unknown } from '../verdict/finding.ts'

/**
 * Was the harness fit to measure? Never a failure of the system under test: a slow harness is inconclusive, and with it
 * every verdict on rates and times.
 */
export const harnessHealthy: Check<'harness-healthy'> = (run, bounds) => {
  const { fromT, toT } = judgedSpan(run)
  const all = run.of('health')
  const samples = all.filter((one) => one.t >= fromT && one.t <= toT)
  const bound = `loop delay p99 < ${bounds.loopDelayMs} ms (things wait longer in at most ${bounds.lateShare * 100} % of the time), no stall of ${bounds.stallMs / 1000} s, schedule lag p99 < ${bounds.scheduleLagMs} ms, scrapes ≥ ${bounds.coverage * 100} %, no dropped events, no clock step`
  if (samples.length === 0)
    return unknown({
      bound,
      measured: 'not measured',
      why: 'the harness took no samples of its own health',
      settle: 'a run of weir itself (imported recordings carry no such samples)',
    })
  const coverage = scrapeCoverage(run, fromT, toT)
  const q = 1 - bounds.badShare
  const figures = {
    samples: samples.length,
    lateShare: lateShare(samples),
    worstLoopDelayP99Ms: rounded(
      quantile(
        samples.map((one) => one.loopDelayP99Ms),
        q,
      ),
    ),
    loopDelayMaxMs: rounded(Math.max(...samples.map((one) => one.loopDelayMaxMs))),
    scheduleLagP99Ms: rounded(
      quantile(
        samples.map((one) => one.scheduleLagP99Ms),
        q,
      ),
    ),
    droppedEvents: all.reduce((sum, one) => sum + one.droppedEvents, 0),
    clockStepMs: rounded(clockStep(samples)),
    scrapeCoverage: coverage === undefined ? null : Number(coverage.toFixed(4)),
    rssMiB: rounded(Math.max(...samples.map((one) => one.rssMiB))),
  }
  const wrong = complaints(figures, bounds)
  const parts = {
    bound,
    measured: `${lateText(figures)}, max ${figures.loopDelayMaxMs} ms; schedule lag p99 ${figures.scheduleLagP99Ms} ms`,
    evidence: [evidence('events.ndjson', samples[0]!.t, samples.at(-1)!.t, 'health samples')],
    figures,
  }
  if (wrong.length === 0)
    return pass({ ...parts, sentence: `The harness kept up in ${count(samples.length, 'sample')}.` })
  return unknown({
    ...parts,
    why: `the load-generator host did not keep up: ${wrong.join(', ')}`,
    settle: 'rerun on a less loaded machine, or with fewer clients',
  })
}

function lateText(figures: Figures): string {
  const late = figures.lateShare
  if (late === null || late === undefined) return `loop delay p99 ${figures.worstLoopDelayP99Ms} ms`
  return `${(late * 100).toFixed(1)} % of the time over 50 ms late`
}

type Figures = Record<string, number | null>

function complaints(figures: Figures, bounds: Bounds<'harness-healthy'>): string[] {
  const wrong: string[] = []
  const over = (name: string, most: number, text: string) => {
    if (!(Number(figures[name]) < most)) wrong.push(text)
  }
  const late = figures.lateShare
  if (late === null || late === undefined)
    over(
      'worstLoopDelayP99Ms',
      bounds.loopDelayMs,
      `its event loop was late by ${figures.worstLoopDelayP99Ms} ms (p99)`,
    )
  else if (late > bounds.lateShare)
    wrong.push(`${(late * 100).toFixed(1)} % of the time its event loop was more than 50 ms late`)
  over('loopDelayMaxMs', bounds.stallMs, `it stood still for ${figures.loopDelayMaxMs} ms`)
  over(
    'scheduleLagP99Ms',
    bounds.scheduleLagMs,
    `client actions were late by ${figures.scheduleLagP99Ms} ms (p99)`,
  )
  over('clockStepMs', bounds.clockStepMs, `the clock stepped by ${figures.clockStepMs} ms`)
  if (figures.droppedEvents! > 0) wrong.push(`${figures.droppedEvents} client events were dropped`)
  const coverage = figures.scrapeCoverage
  if (coverage !== null && coverage !== undefined && coverage < bounds.coverage)
    wrong.push(`only ${(coverage * 100).toFixed(1)} % of scrapes succeeded`)
  return wrong
}

/** Over all samples: the share of time in which things waited over 50 ms; null where samples do not say. */
function lateShare(samples: readonly HealthEvent[]): number | null {
  const watched = samples.reduce((sum, one) => sum + (one.watchedMs ?? Number.NaN), 0)
  const late = samples.reduce((sum, one) => sum + (one.lateMs ?? 0), 0)
  return watched > 0 ? Number((late / watched).toFixed(4)) : null
}

function clockStep(samples: readonly HealthEvent[]): number {
  let step = 0
  for (let i = 1; i < samples.length; i++)
    step = Math.max(step, Math.abs(samples[i]!.clockSkewMs - samples[i - 1]!.clockSkewMs))
  return step
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
