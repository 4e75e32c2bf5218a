import { keepMetrics } from '../prometheus/parse.ts'
import { EmqxApiError } from './api-error.ts'
import type { EmqxHttp } from './http.ts'

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

/** Scrapes a node. Metrics are open to anybody by default. */
export async function scrape(http: EmqxHttp, path: string): Promise<ReturnType<typeof readScrape>> {
  const { status, text } = await http.get(path, 'optional')
  return readScrape(status, text)
}

/** Whether they are, on this node. */
export const isOpen = async (http: EmqxHttp, path: string): Promise<boolean> =>
  (await http.get(path, 'none')).status !== 401
