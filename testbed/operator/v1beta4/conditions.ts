import { timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import type { EnterpriseCondition } from './types.ts'

/**
 * The list after one more observation: newest first. The entry that was first keeps its transition time even when its
 * status flips; every other entry that is heard of again gets a new one. Nothing is ever removed or set False, so
 * BlueGreenUpdating stays True for ever after the first upgrade.
 */
export function addCondition(
  conditions: readonly EnterpriseCondition[],
  observed: Pick<EnterpriseCondition, 'type' | 'status' | 'reason' | 'message'>,
  nowMs: number,
): EnterpriseCondition[] {
  const now = timestamp(nowMs)
  const first = conditions[0]
  const lastTransitionTime = first?.type === observed.type ? first.lastTransitionTime : now
  const others = conditions
    .filter((condition) => condition.type !== observed.type)
    .sort((a, b) => b.lastUpdateTime.localeCompare(a.lastUpdateTime))
  return [{ ...observed, lastUpdateTime: now, lastTransitionTime }, ...others]
}
