import { usageError } from '#weir/errors/index.ts'

/** What `--prometheus` names: a Prometheus to read, and where weir serves metrics of its own. */
export interface PrometheusFlag {
  url?: string
  /** "[HOST:]PORT", or "" for the default. */
  place?: string
}

/** Reads `--prometheus`, which may be given once for each of the two. Throws WEIR_USAGE. */
export function prometheusFlag(flag: string | readonly string[] | undefined): PrometheusFlag {
  const read: PrometheusFlag = {}
  for (const text of flag === undefined ? [] : [flag].flat()) {
    const what = /^https?:/i.test(text) ? 'url' : 'place'
    if (read[what] !== undefined)
      throw usageError(
        what === 'url'
          ? '--prometheus names two Prometheus servers to read: leave one out'
          : '--prometheus names two addresses for the metrics of weir: leave one out',
      )
    read[what] = text
  }
  return read
}
