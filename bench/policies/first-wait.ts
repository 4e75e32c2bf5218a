import type { ReconnectSpec } from '../types.ts'
import type { ReconnectPolicy, Wait } from './policy.ts'
import { resolvePolicy } from './resolve.ts'

const JUST_BELOW_ONE = 1 - 2 ** -32

/**
 * The shortest and the longest wait before the first attempt to come back: T_r of the assertions' bounds. All policies
 * are monotone in the number they draw, so the two ends of [0, 1) give the two ends of the wait. A policy that never comes
 * back has no wait: 0 and 0.
 */
export function firstWait(policy: ReconnectPolicy | ReconnectSpec): { minMs: number; maxMs: number } {
  const { nextWait } = 'nextWait' in policy ? policy : resolvePolicy(policy)
  const low = milliseconds(nextWait(1, 0, () => 0))
  const high = milliseconds(nextWait(1, 0, () => JUST_BELOW_ONE))
  return { minMs: Math.min(low, high), maxMs: Math.ceil(Math.max(low, high)) }
}

function milliseconds(wait: Wait): number {
  return wait === 'stop' ? 0 : wait
}
