import type { ReconnectSpec } from '../types.ts'
import type { Loss, ReconnectPolicy, Wait } from './policy.ts'
import { resolvePolicy } from './resolve.ts'

const JUST_BELOW_ONE = 1 - 2 ** -32

/**
 * The shortest and the longest wait before the first reconnect: T_r of the assertions' bounds (0 and 0 for a policy that
 * never reconnects). Policies are monotone in the random number, so 0 and 1 give both ends. `evictions`: connections lost
 * in a row, which lengthens some waits.
 */
export function firstWait(
  policy: ReconnectPolicy | ReconnectSpec,
  evictions = 1,
): { minMs: number; maxMs: number } {
  const { nextWait, notes = 0 } = 'nextWait' in policy ? policy : resolvePolicy(policy)
  const low = milliseconds(nextWait(1, 0, () => 0))
  const high = milliseconds(nextWait(1, 0, () => JUST_BELOW_ONE))
  let maxMs = Math.max(low, high)
  const loss: Loss = {
    atMs: 0,
    connectedMs: 0,
    reason: 'disconnect-packet',
    notes: new Float64Array(notes),
  }
  for (let i = 0; i < evictions; i++)
    maxMs = Math.max(maxMs, milliseconds(nextWait(1, 0, () => JUST_BELOW_ONE, loss)))
  return { minMs: Math.min(low, high), maxMs: Math.ceil(maxMs) }
}

function milliseconds(wait: Wait): number {
  return wait === 'stop' ? 0 : wait
}
