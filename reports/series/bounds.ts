import type { Finding } from '#weir/assertions/verdict/verdict.ts'
import { ASSERTIONS } from '#weir/facts/index.ts'
import type { Report } from '../report.ts'

const { bounds: envelope } = ASSERTIONS['eviction-envelope']
const { bounds: storm } = ASSERTIONS['no-storm']
const { bounds: health } = ASSERTIONS['harness-healthy']

/** The lines that charts draw beside what was measured. */
export interface ChartBounds {
  ratePerSecond: number
  /** At which attempts may come: more, where several nodes evict at once or clients that are refused come again. */
  attemptsPerSecond: number
  evictionBurst: number
  attemptBurst: number
  /** Clients that may be offline at once; undefined when not computed. */
  offline: number | undefined
  loopDelayP99Ms: number
  scheduleLagP99Ms: number
}

/**
 * The bounds as the verdict used them; where an assertion was not requested, its defaults (for attempts with R more
 * for each second over which the reconnect policy spreads its clients). Undefined when the run
 * ended before its rates were known.
 */
export function chartBounds({ run, verdict }: Report): ChartBounds | undefined {
  if (!run.hasParameters) return undefined
  const { connEvictRate: rate, reconnect } = run.parameters
  const spreadSeconds = Math.max(0, reconnect.maxMs - reconnect.minMs) / 1000
  return {
    ratePerSecond: rate,
    attemptsPerSecond: figure(verdict.findings, 'no-storm', 'ratePerSecond') ?? rate,
    evictionBurst:
      figure(verdict.findings, 'eviction-envelope', 'allowedBurst') ??
      envelope.ticks.default * rate + envelope.slack.default,
    attemptBurst:
      figure(verdict.findings, 'no-storm', 'allowedBurst') ??
      (storm.ticks.default + spreadSeconds) * rate + storm.slack.default,
    offline: figure(verdict.findings, 'offline-peak', 'allowed'),
    loopDelayP99Ms: health.loopDelayMs.default,
    scheduleLagP99Ms: health.scheduleLagMs.default,
  }
}

function figure(findings: readonly Finding[], id: string, name: string): number | undefined {
  const value = findings.find((finding) => finding.id === id)?.figures[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
