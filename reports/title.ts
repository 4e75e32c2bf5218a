import type { Report } from './report.ts'

/** The scenario with the run's labels, "blue-green (operator=2.2.29)": reports of a matrix differ by it. */
export function runTitle({ run, verdict }: Report): string {
  const labels = Object.entries(run.record.manifest.labels ?? {}).map(([name, value]) => `${name}=${value}`)
  return labels.length === 0 ? verdict.scenario : `${verdict.scenario} (${labels.join(', ')})`
}
