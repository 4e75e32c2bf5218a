import type { Bounds, HealthEvent } from '#weir/facts/index.ts'
import type { Check } from '../check.ts'
import { scrapeCoverage } from '../evidence/scrape-coverage.ts'
import { judgedSpan } from '../evidence/span.ts'
import { MESSAGES } from '../messages/index.ts'
import { quantile } from '../statistics/index.ts'
import { evidence, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['harness-healthy']

/**
 * Whether the harness was able to measure. Never a failure of the system under test: with a slow harness, this and every
 * verdict on rates and times is inconclusive.
 */
export const harnessHealthy: Check<'harness-healthy'> = (run, bounds) => {
  const { fromT, toT } = judgedSpan(run)
  const all = run.of('health')
  const samples = all.filter((one) => one.t >= fromT && one.t <= toT)
  const bound = text.bound(bounds)
  if (samples.length === 0)
    return unknown({
      bound,
      ...text.none,
      settle: text.noneSettle,
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
    measured: text.measured({ loop: lateText(figures), ...figures }),
    evidence: [evidence('events.ndjson', samples[0]!.t, samples.at(-1)!.t, text.seen)],
    figures,
  }
  if (wrong.length === 0) return pass({ ...parts, sentence: text.held({ samples: samples.length }) })
  return unknown({
    ...parts,
    why: text.overloaded({ reasons: wrong }),
    settle: text.overloadedSettle,
  })
}

function lateText(figures: Figures): string {
  const late = figures.lateShare
  if (late === null || late === undefined) return text.loopP99({ ms: figures.worstLoopDelayP99Ms ?? null })
  return text.loopLate({ share: late })
}

type Figures = Record<string, number | null>

function complaints(figures: Figures, bounds: Bounds<'harness-healthy'>): string[] {
  const wrong: string[] = []
  const over = (name: string, most: number, complaint: (v: { ms: number | null }) => string) => {
    const ms = figures[name] ?? null
    if (!(Number(ms) < most)) wrong.push(complaint({ ms }))
  }
  const late = figures.lateShare
  if (late === null || late === undefined) over('worstLoopDelayP99Ms', bounds.loopDelayMs, text.lateLoopP99)
  else if (late > bounds.lateShare) wrong.push(text.lateLoop({ share: late }))
  over('loopDelayMaxMs', bounds.stallMs, text.stall)
  over('scheduleLagP99Ms', bounds.scheduleLagMs, text.scheduleLag)
  over('clockStepMs', bounds.clockStepMs, text.clockStep)
  const { droppedEvents = null, scrapeCoverage } = figures
  if (droppedEvents! > 0) wrong.push(text.dropped({ events: droppedEvents }))
  if (scrapeCoverage !== null && scrapeCoverage !== undefined && scrapeCoverage < bounds.coverage)
    wrong.push(text.scrapes({ coverage: scrapeCoverage }))
  return wrong
}

/** Over all samples: the share of time in which things waited over 50 ms; null where samples do not have it. */
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
