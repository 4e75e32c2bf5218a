import type { Verdict } from '#weir/assertions/verdict/verdict.ts'
import { clientRowsBetween, type MetricFamily, RUN_METRICS } from '#weir/facts/index.ts'
import type { Sample } from '#weir/metrics/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { RunMetrics } from './run-metrics.ts'

/** A longer run has fewer samples a minute: each is a line of the file. */
const MOST_SAMPLES = 3600
const SECOND = 1e9

/**
 * A record's metrics over time as OpenMetrics text (https://prometheus.io/docs/specs/om/open_metrics_spec): a sample each second, from its
 * beginning to its end, and the verdict in the last one. For "promtool tsdb create-blocks-from openmetrics".
 */
export function openMetrics(record: RunRecord, verdict: Verdict, endT: number): string {
  const metrics = new RunMetrics()
  metrics.manifest(record.manifest)
  metrics.fleet(record.fleet)
  const families = new Map(Object.keys(RUN_METRICS).map((name) => [name, new Map<string, string[]>()]))
  const { anchorUnixMs } = record.manifest.clock
  const replay = replayOf(record, metrics)
  const stepNs = Math.max(1, Math.ceil(endT / SECOND / MOST_SAMPLES)) * SECOND
  for (let t = 0; ; t = Math.min(t + stepNs, endT)) {
    replay(t)
    const isLast = t >= endT
    if (isLast) {
      if (record.messages) metrics.messages(record.messages)
      metrics.judged(verdict)
    }
    const atSeconds = (anchorUnixMs + t / 1e6) / 1000
    for (const [name, samples] of Object.entries(metrics.samples(t)))
      for (const sample of samples) append(families.get(name)!, name, sample, atSeconds)
    if (isLast) break
  }
  return `${[...families].flatMap(([name, series]) => familyLines(name, RUN_METRICS[name as keyof typeof RUN_METRICS], series)).join('\n')}\n# EOF\n`
}

/** Gives the metrics what was recorded up to a time. Times ascend from call to call. */
function replayOf({ clients, events, scrapes }: RunRecord, metrics: RunMetrics): (untilT: number) => void {
  let [client, event, scrape] = [0, 0, 0]
  return (untilT) => {
    // A listing or a mark must find the clients as they were then.
    for (; event < events.length && events[event]!.t <= untilT; event++) {
      client = clientsUntil(client, events[event]!.t)
      metrics.event(events[event]!)
    }
    client = clientsUntil(client, untilT)
    for (; scrape < scrapes.length && scrapes[scrape]!.t <= untilT; scrape++) metrics.scrape(scrapes[scrape]!)
  }

  function clientsUntil(from: number, t: number): number {
    let to = from
    while (to < clients.length && clients.t[to]! <= t) to++
    if (to > from) metrics.clients(clientRowsBetween(clients, from, to))
    return to
  }
}

/** A series is its name with its labels; all its samples stand together. */
function append(family: Map<string, string[]>, name: string, sample: Sample, at: number): void {
  const { suffix, labels, value } = sample
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
  const series = `${name}${suffix ?? ''}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''}`
  const lines = family.get(series) ?? []
  family.set(series, lines)
  lines.push(`${series} ${value} ${at.toFixed(3)}`)
}

function familyLines(name: string, { type, help }: MetricFamily, series: Map<string, string[]>): string[] {
  if (series.size === 0) return []
  const family = type === 'counter' ? name.replace(/_total$/, '') : name
  const unit = family.endsWith('_seconds') ? [`# UNIT ${family} seconds`] : []
  return [
    `# HELP ${family} ${escaped(help)}`,
    `# TYPE ${family} ${type}`,
    ...unit,
    ...[...series.values()].flat(),
  ]
}

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
