import { compareVersions } from './emqx-version.ts'

/** What EMQX 5 admits beyond the limit of a licence, as a share of it (docs/contract/emqx.md#licence). */
export const BEYOND_LICENCE = 0.1
/** Up to this limit EMQX 5 admits exactly as many. */
const EXACT_UP_TO = 25

/** How many clients EMQX 5 admits under a licence for `limit`. */
export const admittedBy = (limit: number, beyond = BEYOND_LICENCE): number =>
  limit > EXACT_UP_TO ? Math.round(limit * (1 + beyond)) : limit

/** Whether the licence of this version counts the sessions of clients that are away, too. Undefined for a tag that tells no version. */
export function countsSessions(version: string): boolean | undefined {
  const order = compareVersions(version, '5.8.5')
  return order === undefined ? undefined : order >= 0
}
