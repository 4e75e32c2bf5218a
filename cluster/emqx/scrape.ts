import { keepMetrics } from '../prometheus/parse.ts'
import { EmqxApiError } from './api-error.ts'

/** The answer to a scrape. Throws EmqxApiError if it has no metric of EMQX. */
export function readScrape(
  status: number,
  text: string,
): { status: number; metrics: Record<string, number> } {
  if (status !== 200) throw new EmqxApiError(`scrape: HTTP ${status}`, status)
  const metrics = keepMetrics(text)
  if (Object.keys(metrics).length === 0)
    throw new EmqxApiError('scrape: the answer has no metric of EMQX', status)
  return { status, metrics }
}
