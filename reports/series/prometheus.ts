import type { RunView } from '#weir/record/view/index.ts'
import { scrapeIntervalSeconds } from '#weir/record/view/index.ts'
import { axisSeconds, type TimeAxis } from './axis.ts'
import { nodeOfPodAt } from './labels.ts'

/** The channel count of each pod, as the page Graph of the Prometheus shows it. */
export interface PrometheusGraph {
  /** The expression of that page. */
  expression: string
  stepSeconds: number
  seconds: number[]
  /** A value per step: that of the last scrape; null before the first, and where the pod was scraped no more or in vain. */
  perNode: { node: number; values: (number | null)[] }[]
}

const MOST_STEPS = 1500
/** Seconds, where no pod was scraped twice. */
const USUAL_STEP = 10

/** Undefined when the record has no Prometheus. */
export function prometheusGraph(run: RunView, axis: TimeAxis): PrometheusGraph | undefined {
  const { prometheus } = run.record
  if (!prometheus || !run.hasParameters) return undefined
  const expression = run.parameters.dialect.connectionsMetric
  const endSeconds = run.moments.end / 1e9
  const interval = scrapeIntervalSeconds(prometheus) ?? USUAL_STEP
  const stepSeconds = Math.max(interval, 1, Math.ceil(endSeconds / MOST_STEPS))
  const times = Array.from(
    { length: Math.floor(endSeconds / stepSeconds) + 1 },
    (_, step) => step * stepSeconds * 1e9,
  )
  const perPod = new Map<number, { t: number; value: number | null }[]>()
  for (const { t, pod, ok, metrics } of prometheus) {
    const node = nodeOfPodAt(run, pod, t)
    if (node === undefined) continue
    const points = perPod.get(node) ?? []
    points.push({ t, value: ok ? (metrics[expression] ?? null) : null })
    perPod.set(node, points)
  }
  const staleNs = 1.5 * interval * 1e9
  return {
    expression,
    stepSeconds,
    seconds: times.map((t) => axisSeconds(axis, t)),
    perNode: [...perPod]
      .sort(([a], [b]) => a - b)
      .map(([node, points]) => ({
        node,
        values: times.map((at) => {
          const last = points.findLast(({ t }) => t <= at)
          return last && at - last.t <= staleNs ? last.value : null
        }),
      })),
  }
}
