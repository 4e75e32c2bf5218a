import { timestamp } from '../runtime/clock.ts'
import type { Condition } from './types.ts'

/**
 * The list after one more observation: newest first. The entry that was first keeps its transition time even when its
 * status flips; every other entry that is heard of again gets a new one. Nothing is ever removed or set False, so
 * BlueGreenUpdating stays True for ever after the first upgrade.
 */
export function addCondition(
  conditions: readonly Condition[],
  observed: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>,
  nowMs: number,
): Condition[] {
  const now = timestamp(nowMs)
  const first = conditions[0]
  const lastTransitionTime = first?.type === observed.type ? first.lastTransitionTime : now
  const others = conditions
    .filter((condition) => condition.type !== observed.type)
    .sort((a, b) => b.lastUpdateTime.localeCompare(a.lastUpdateTime))
  return [{ ...observed, lastUpdateTime: now, lastTransitionTime }, ...others]
}
