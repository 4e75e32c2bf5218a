import type { Ending } from '#weir/bench/index.ts'
import { CLIENT_KIND, type ClientEventReason, type ClientEvents } from '#weir/facts/index.ts'

/** How an attempt to connect ended. */
export type FailedAttempt = Omit<Ending, 'count'>

/** The first attempt of these that failed or was refused. */
export function firstFailed({
  length,
  kind,
  reason,
  reasons,
  code,
}: ClientEvents): FailedAttempt | undefined {
  for (let i = 0; i < length; i++) {
    const end = kind[i] === CLIENT_KIND.failed ? 'failed' : kind[i] === CLIENT_KIND.refused && 'refused'
    if (end) return { kind: end, reason: (reasons[reason[i]!] ?? '') as ClientEventReason, code: code[i]! }
  }
  return undefined
}
