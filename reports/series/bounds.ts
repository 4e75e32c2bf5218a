import type { Finding } from '#weir/assertions/verdict/verdict.ts'
import type { Report } from '../report.ts'

/** The lines that charts draw beside what was measured. */
export interface ChartBounds {
  ratePerSecond: number
  evictionBurst: number
  attemptBurst: number
  /** Clients that may be offline at once; undefined when nobody computed it. */
  offline: number | undefined
  loopDelayP99Ms: number
  scheduleLagP99Ms: number
}

/**
 * The bounds as the verdict used them; where an assertion was not asked for, the design's own (2R + 2 for evictions,
 * 3R + 2 and R for each second that the reconnect policy spreads its clients over for attempts). Undefined when the run
 * ended before its rates were known.
 */
export function chartBounds({ run, verdict }: Report): ChartBounds | undefined {
  if (!run.hasParameters) return undefined
  const { connEvictRate: rate, reconnect } = run.parameters
  const spreadSeconds = Math.max(0, reconnect.maxMs - reconnect.minMs) / 1000
  return {
    ratePerSecond: rate,
    evictionBurst: figure(verdict.findings, 'eviction-envelope', 'allowedBurst') ?? 2 * rate + 2,
    attemptBurst: figure(verdict.findings, 'no-storm', 'allowedBurst') ?? 3 * rate + 2 + rate * spreadSeconds,
    offline: figure(verdict.findings, 'offline-peak', 'allowed'),
    loopDelayP99Ms: 50,
    scheduleLagP99Ms: 100,
  }
}

function figure(findings: readonly Finding[], id: string, name: string): number | undefined {
  const value = findings.find((finding) => finding.id === id)?.figures[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
