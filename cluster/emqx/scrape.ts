import { keepMetrics } from '../prometheus/kept.ts'
import { EmqxApiError } from './api-error.ts'

/** An answer to a scrape. One without a single metric of EMQX's is none, whatever its status says. */
export function readScrape(
  status: number,
  text: string,
): { status: number; metrics: Record<string, number> } {
  if (status !== 200) throw new EmqxApiError(`scrape: HTTP ${status}`, status)
  const metrics = keepMetrics(text)
  if (Object.keys(metrics).length === 0)
    throw new EmqxApiError('scrape: the answer holds no metric of EMQX', status)
  return { status, metrics }
}
