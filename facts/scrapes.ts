/**
 * metrics.ndjson: one scrape of one pod a line. A scrape that failed is a failed scrape, never a zero. prometheus.ndjson has the scrapes
 * of a Prometheus in the same form, on the run's own clock.
 */
export interface Scrape {
  /** When the answer was complete; the request left at `t - tookNs`. */
  t: number
  tookNs: number
  pod: string
  node: string
  ok: boolean
  status?: number
  error?: string
  /** Unlabelled samples by Prometheus name; only what the harness keeps. Empty when the scrape failed. */
  metrics: Record<string, number>
}
