import type { ListingEvent } from '#weir/facts/index.ts'
import { EmqxApiError } from './api-error.ts'

/** Thousands of clients fit into one page; management.max_row_limit of EMQX 4.4 allows 10,000. */
export const CLIENTS_PAGE_LIMIT = 4000

interface Page {
  meta?: { count?: number; hasnext?: boolean }
  data: { clientid?: unknown; connected?: unknown }[]
}

/**
 * All pages of one node's clients. `complete` is false when a later page failed or when anything shows that the list
 * changed while it was read: another total, an id seen twice, or fewer ids than the total promised.
 *
 * @param page fetches page n (from 1) and throws EmqxApiError
 */
export async function readClients(
  page: (number: number) => Promise<Page>,
): Promise<Pick<ListingEvent, 'connected' | 'detached' | 'complete'>> {
  const connected: string[] = []
  const detached: string[] = []
  const seen = new Set<string>()
  let complete = true
  let promised: number | undefined
  for (let number = 1; ; number++) {
    let answer: Page
    try {
      answer = await page(number)
    } catch (error) {
      if (number === 1 || !(error instanceof EmqxApiError)) throw error
      complete = false
      break
    }
    const { count, hasnext } = answer.meta ?? {}
    promised ??= count
    if (count !== promised) complete = false
    for (const row of answer.data) {
      const id = String(row.clientid)
      if (seen.has(id)) complete = false
      else (row.connected === false ? detached : connected).push(id)
      seen.add(id)
    }
    const more = hasnext ?? answer.data.length >= CLIENTS_PAGE_LIMIT
    if (!more || answer.data.length === 0) break
  }
  if (promised !== undefined && promised !== seen.size) complete = false
  return { connected, detached, complete }
}
