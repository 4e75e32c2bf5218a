import type { ListingEvent } from '#weir/facts/index.ts'
import { EmqxApiError } from './api-error.ts'

/** The most rows that a page may have: EMQX 5.5 and later, and management.max_row_limit of 4.4; EMQX 5.0 to 5.4. */
const MOST_ROWS = 10_000
const FEWER_ROWS = 1000

/** How many rows a node's pages have: fewer from the first refusal on. */
export class PageLimit {
  rows = MOST_ROWS

  /** Whether the refused page may be asked for again, with fewer rows. */
  lower(error: unknown): boolean {
    if (!(error instanceof EmqxApiError) || error.status !== 400 || this.rows === FEWER_ROWS) return false
    this.rows = FEWER_ROWS
    return true
  }
}

interface Page {
  meta?: { count?: number; hasnext?: boolean }
  data: { clientid?: unknown; connected?: unknown }[]
}

/**
 * All pages of one node's clients whose id begins with `prefix`. `complete` is false when a later page failed or when the list may have
 * changed while it was read: another total, an id seen twice, fewer ids than the total promised, or several pages without a total.
 * EMQX finds the prefix anywhere in an id, and gives no total of such a search (4.4: -1).
 *
 * @param page fetches page n (from 1) of so many rows and throws EmqxApiError
 */
export async function readClients(
  prefix: string,
  limit: PageLimit,
  page: (number: number, rows: number) => Promise<Page>,
): Promise<Pick<ListingEvent, 'connected' | 'detached' | 'complete'>> {
  const connected: string[] = []
  const detached: string[] = []
  const seen = new Set<string>()
  let complete = true
  let promised: number | undefined
  for (let number = 1; ; number++) {
    let answer: Page
    try {
      answer = await page(number, limit.rows)
    } catch (error) {
      if (number === 1 && limit.lower(error)) {
        number = 0
        continue
      }
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
    const more = hasnext ?? answer.data.length >= limit.rows
    if (!more || answer.data.length === 0) break
  }
  if (promised !== undefined && promised !== seen.size) complete = false
  return { connected, detached, complete }
}
