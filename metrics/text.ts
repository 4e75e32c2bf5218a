import type { Metric } from 'prom-client'
import type { MetricFamilies } from '#weir/facts/index.ts'
import type { Samples } from './samples.ts'

/** What answers a scrape. */
export interface Exposition {
  contentType: string
  text(): Promise<string>
}

/** The families in Prometheus' text format, read anew at each scrape. Loads the library on demand: a run that serves no metrics goes without. */
export async function exposition<Families extends MetricFamilies>(
  families: Families,
  read: () => Samples<Families>,
): Promise<Exposition> {
  const { Registry } = await import('prom-client')
  return {
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
    async text() {
      const registry = new Registry()
      const samples = read()
      for (const [name, { type, help }] of Object.entries(families)) {
        const values = (samples[name] ?? []).map(({ suffix = '', labels, value }) => ({
          ...{ metricName: name + suffix, labels, value },
        }))
        const metric = {
          name,
          help,
          type,
          aggregator: 'sum',
          get: async () => ({ name, help, type, values }),
        }
        // The library's own metrics keep counts of their own; of this one it reads no more than is given here.
        if (values.length > 0) registry.registerMetric(metric as unknown as Metric)
      }
      return registry.metrics()
    },
  }
}
