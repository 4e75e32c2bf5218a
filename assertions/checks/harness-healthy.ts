import type { Bounds, HealthEvent, OwnProcess, ProcessHealth } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { podClocks } from '../evidence/fleet-clock.ts'
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
  const late = latest(samples)
  const stall = longestStall(samples)
  const figures = {
    samples: samples.length,
    lateShare: late?.share ?? null,
    lateProcess: late?.process ?? null,
    worstLoopDelayP99Ms: rounded(
      quantile(
        samples.map((one) => one.loopDelayP99Ms),
        q,
      ),
    ),
    loopDelayMaxMs: rounded(stall.ms),
    stalledProcess: stall.process,
    cpuPressureShare: cpuPressureShare(samples),
    scheduleLagP99Ms: rounded(
      quantile(
        samples.map((one) => one.scheduleLagP99Ms),
        q,
      ),
    ),
    droppedEvents: all.reduce((sum, one) => sum + one.droppedEvents, 0),
    clockStepMs: rounded(clockStep(samples)),
    ...podClockFigures(run, fromT, toT),
    scrapeCoverage: coverage === undefined ? null : Number(coverage.toFixed(4)),
    rssMiB: rounded(Math.max(...samples.map((one) => one.rssMiB))),
  }
  const wrong = complaints(figures, bounds)
  const parts = {
    bound,
    measured: text.measured({
      loop: lateText(figures),
      loopDelayMaxMs: figures.loopDelayMaxMs,
      scheduleLagP99Ms: figures.scheduleLagP99Ms,
    }),
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

function lateText({ lateShare, worstLoopDelayP99Ms }: Figures): string {
  return lateShare === null ? text.loopP99({ ms: worstLoopDelayP99Ms }) : text.loopLate({ share: lateShare })
}

interface Figures {
  lateShare: number | null
  lateProcess: OwnProcess | null
  worstLoopDelayP99Ms: number
  loopDelayMaxMs: number
  stalledProcess: OwnProcess
  scheduleLagP99Ms: number
  clockStepMs: number
  /** Null where it was never compared. */
  podClockErrorMs?: number | null
  podClock?: string
  droppedEvents: number
  scrapeCoverage: number | null
  cpuPressureShare: number | null
}

function complaints(figures: Figures, bounds: Bounds<'harness-healthy'>): string[] {
  const { lateShare: share, lateProcess, stalledProcess, droppedEvents, scrapeCoverage } = figures
  const wrong: string[] = []
  const over = (ms: number, most: number, complaint: (v: { ms: number }) => string) => {
    if (!(ms < most)) wrong.push(complaint({ ms }))
  }
  if (share === null || lateProcess === null)
    over(figures.worstLoopDelayP99Ms, bounds.loopDelayMs, text.lateLoopP99)
  else if (share > bounds.lateShare) wrong.push(text.lateLoop({ share, process: lateProcess }))
  over(figures.loopDelayMaxMs, bounds.stallMs, ({ ms }) => text.stall({ ms, process: stalledProcess }))
  over(figures.scheduleLagP99Ms, bounds.scheduleLagMs, text.scheduleLag)
  over(figures.clockStepMs, bounds.clockStepMs, text.clockStep)
  const { podClock: pod, podClockErrorMs: ms } = figures
  if (pod !== undefined && ms !== undefined && (ms === null || ms > bounds.clockErrorMs))
    wrong.push(text.podClock({ ms, pod }))
  if (droppedEvents > 0) wrong.push(text.dropped({ events: droppedEvents }))
  if (scrapeCoverage !== null && scrapeCoverage < bounds.coverage)
    wrong.push(text.scrapes({ coverage: scrapeCoverage }))
  const { cpuPressureShare } = figures
  if (wrong.length > 0 && cpuPressureShare !== null && cpuPressureShare > BUSY_SHARE)
    wrong.push(text.busy({ share: cpuPressureShare }))
  return wrong
}

/** Something waits for a CPU this often only on a machine that is short of them. */
const BUSY_SHARE = 0.5

/** The loops of a sample. Of older records only the worst of harness and generator is known. */
function loopsOf(
  sample: HealthEvent,
): readonly (Partial<ProcessHealth> & Pick<HealthEvent, 'loopDelayMaxMs'>)[] {
  return sample.processes?.length ? sample.processes : [sample]
}

/** Over all samples, the process with the largest share of time in which things waited over 50 ms; undefined where samples do not have it. */
function latest(samples: readonly HealthEvent[]): { process: OwnProcess; share: number } | undefined {
  const sums = new Map<OwnProcess, { watched: number; late: number }>()
  for (const { process = 'harness', watchedMs = Number.NaN, lateMs = 0 } of samples.flatMap(loopsOf)) {
    const sum = sums.get(process) ?? { watched: 0, late: 0 }
    sums.set(process, { watched: sum.watched + watchedMs, late: sum.late + lateMs })
  }
  return [...sums]
    .filter(([, { watched }]) => watched > 0)
    .map(([process, { watched, late }]) => ({ process, share: Number((late / watched).toFixed(4)) }))
    .sort((a, b) => b.share - a.share)[0]
}

function longestStall(samples: readonly HealthEvent[]): { process: OwnProcess; ms: number } {
  return samples
    .flatMap(loopsOf)
    .map(({ process = 'harness', loopDelayMaxMs: ms }) => ({ process, ms }))
    .reduce((a, b) => (b.ms > a.ms ? b : a))
}

function cpuPressureShare(samples: readonly HealthEvent[]): number | null {
  const shares = samples.flatMap(({ machine }) => machine?.cpuPressureShare ?? [])
  if (shares.length === 0) return null
  return Number((shares.reduce((sum, share) => sum + share, 0) / shares.length).toFixed(4))
}

function clockStep(samples: readonly HealthEvent[]): number {
  let step = 0
  for (let i = 1; i < samples.length; i++)
    step = Math.max(step, Math.abs(samples[i]!.clockSkewMs - samples[i - 1]!.clockSkewMs))
  return step
}

/** The pod whose clock may have been off most; nothing where the fleet ran in no pods. */
function podClockFigures(
  run: RunView,
  fromT: number,
  toT: number,
): Pick<Figures, 'podClockErrorMs' | 'podClock'> {
  const [worst] = podClocks(run, fromT, toT).sort((a, b) => b.errorMs - a.errorMs)
  return worst
    ? { podClockErrorMs: Number.isFinite(worst.errorMs) ? rounded(worst.errorMs) : null, podClock: worst.pod }
    : {}
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
