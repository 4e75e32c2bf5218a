import type { Series } from './api.ts'
import { KEPT_METRICS } from './parse.ts'

/** One scrape of one pod as a Prometheus made it. */
export interface PrometheusScrape {
  pod: string
  /** When it began, Unix milliseconds of the Prometheus' clock: its samples bear this time. */
  atUnixMs: number
  tookSeconds: number
  ok: boolean
  metrics: Record<string, number>
}

/** Marks the series whose values are the times of scrapes. */
const MARK = 'weir_scrape'
const DURATION = 'scrape_duration_seconds'

const quoted = (text: string) => text.replace(/[\\"]/g, '\\$&')
/** RE2 in a PromQL string. */
const literal = (text: string) => quoted(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))

/**
 * The gauges of these pods as a range query. A step of one shows the latest sample before it, not when that was: so the query asks for the
 * time of each target's last scrape as well, in one go, since two queries could see different scrapes.
 */
export function scrapedQuery(namespace: string, pods: readonly string[]): string {
  const selector = `namespace="${quoted(namespace)}",pod=~"${pods.map(literal).join('|')}"`
  const names = ['up', DURATION, ...KEPT_METRICS].join('|')
  return `label_replace(timestamp(up{${selector}}),"${MARK}","time","","") or {__name__=~"${names}",${selector}}`
}

/** A pod's endpoint: the labels that Prometheus gave it, and its series by name. */
interface Target {
  labels: Readonly<Record<string, string>>
  times: Series['values']
  series: Map<string, Series[]>
}

/** The scrapes in the answer to `scrapedQuery`, ordered by time. A scrape that failed has no metrics. */
export function scrapesOf(answer: readonly Series[]): PrometheusScrape[] {
  const targets = targetsOf(answer)
  const scraped = targets.map((target) => ({
    pod: target.labels.pod ?? '',
    scrapes: scrapesOfTarget(target),
  }))
  const chosen = new Map<string, PrometheusScrape[][]>()
  for (const { pod, scrapes } of scraped) {
    const others = chosen.get(pod) ?? []
    // Two jobs may scrape one pod: the first of them will do. But a pod made again under its name is another target.
    if (scrapes.some(hasMetrics) && !others.some((other) => overlap(other, scrapes)))
      chosen.set(pod, [...others, scrapes])
  }
  // A target that only failed may be EMQX's; one that answered without a metric of EMQX is another container's.
  for (const { pod, scrapes } of scraped)
    if (!chosen.has(pod) && scrapes.length > 0 && scrapes.every(({ ok }) => !ok)) chosen.set(pod, [scrapes])
  return [...chosen.values()]
    .flat(2)
    .filter((scrape) => !scrape.ok || hasMetrics(scrape))
    .sort((a, b) => a.atUnixMs - b.atUnixMs)
}

/** Whether two targets had metrics at the same time. */
function overlap(one: readonly PrometheusScrape[], other: readonly PrometheusScrape[]): boolean {
  const [a, b] = [one.filter(hasMetrics), other.filter(hasMetrics)]
  return a[0]!.atUnixMs <= b.at(-1)!.atUnixMs && b[0]!.atUnixMs <= a.at(-1)!.atUnixMs
}

const hasMetrics = ({ metrics }: PrometheusScrape) => Object.keys(metrics).length > 0

function targetsOf(answer: readonly Series[]): Target[] {
  const targets: Target[] = []
  for (const { labels: marked, values } of answer) {
    const { [MARK]: mark, ...labels } = marked
    if (mark !== undefined) targets.push({ labels, times: values, series: new Map() })
  }
  // In an order of their own, so that each reading chooses the same.
  targets.sort((a, b) => (keyOf(a.labels) < keyOf(b.labels) ? -1 : 1))
  for (const one of answer) {
    const { __name__: name } = one.labels
    if (name === undefined || MARK in one.labels) continue
    for (const { labels, series } of targets)
      if (Object.entries(labels).every(([label, value]) => one.labels[label] === value))
        series.set(name, [...(series.get(name) ?? []), one])
  }
  return targets
}

const keyOf = (labels: Target['labels']) => JSON.stringify(Object.entries(labels).sort())

/** Each time that the target was scraped, once: later steps repeat it until the next. */
function scrapesOfTarget({ labels, times, series }: Target): PrometheusScrape[] {
  const own = new Map<string, ReadonlyMap<number, number>>()
  for (const [name, all] of series) {
    const chosen = ownSeries(all, labels)
    if (chosen) own.set(name, new Map(chosen.values))
  }
  const scrapes: PrometheusScrape[] = []
  let last = Number.NaN
  for (const [step, seconds] of times) {
    if (seconds === last || !Number.isFinite(seconds)) continue
    last = seconds
    const up = own.get('up')?.get(step)
    if (up === undefined) continue
    const metrics: Record<string, number> = {}
    if (up === 1)
      for (const name of KEPT_METRICS) {
        const value = own.get(name)?.get(step)
        if (value !== undefined && Number.isFinite(value)) metrics[name] = value
      }
    scrapes.push({
      pod: labels.pod ?? '',
      atUnixMs: Math.round(seconds * 1000),
      tookSeconds: Math.max(0, own.get(DURATION)?.get(step) || 0),
      ok: up === 1,
      metrics,
    })
  }
  return scrapes
}

/** The series that has no labels but its target's: others are of a listener, or of another node. */
function ownSeries(all: readonly Series[], labels: Target['labels']): Series | undefined {
  const size = Object.keys(labels).length + 1
  const exact = all.find((one) => Object.keys(one.labels).length === size)
  // Relabelling may add labels to metrics: then there is one, with more labels.
  return exact ?? (all.length === 1 ? all[0] : undefined)
}
