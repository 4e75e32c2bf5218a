import type { ListingEvent } from '#weir/facts/index.ts'
import { EmqxApiError } from './api-error.ts'

/** The most that a page may have: EMQX 5, and management.max_row_limit of 4.4. */
export const CLIENTS_PAGE_LIMIT = 10_000

interface Page {
  meta?: { count?: number; hasnext?: boolean }
  data: { clientid?: unknown; connected?: unknown }[]
}

/**
 * All pages of one node's clients whose id begins with `prefix`. `complete` is false when a later page failed or when the list may have
 * changed while it was read: another total, an id seen twice, fewer ids than the total promised, or several pages without a total.
 * EMQX finds the prefix anywhere in an id, and gives no total of such a search (4.4: -1).
 *
 * @param page fetches page n (from 1) and throws EmqxApiError
 */
export async function readClients(
  prefix: string,
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
    const total = count === undefined || count < 0 ? undefined : count
    promised ??= total
    if (total !== promised || (number > 1 && total === undefined)) complete = false
    for (const row of answer.data) {
      const id = String(row.clientid)
      if (seen.has(id)) complete = false
      else if (id.startsWith(prefix)) (row.connected === false ? detached : connected).push(id)
      seen.add(id)
    }
    const more = hasnext ?? answer.data.length >= CLIENTS_PAGE_LIMIT
    if (!more || answer.data.length === 0) break
  }
  if (promised !== undefined && promised !== seen.size) complete = false
  return { connected, detached, complete }
}
