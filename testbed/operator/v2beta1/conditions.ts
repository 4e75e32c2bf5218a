import { timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import type { ConditionType, EmqxCondition, EmqxStatus } from './types.ts'

/** The newest condition; all are True for as long as they are there. */
export const newest = (status: EmqxStatus | undefined): ConditionType =>
  status?.conditions?.[0]?.type ?? 'Initialized'

export const find = (status: EmqxStatus | undefined, type: ConditionType): EmqxCondition | undefined =>
  status?.conditions?.find((condition) => condition.type === type)

/** Puts a condition in front, with this moment as that of its transition, even when it was there already. */
export function set(
  status: EmqxStatus,
  condition: { type: ConditionType; reason: string; message: string },
  nowMs: number,
): void {
  remove(status, condition.type)
  const { type, reason, message } = condition
  const first: EmqxCondition = { type, status: 'True', reason, message, lastTransitionTime: timestamp(nowMs) }
  status.conditions = [first, ...(status.conditions ?? [])]
}

export function remove(status: EmqxStatus, ...types: ConditionType[]): void {
  if (status.conditions === undefined) return
  status.conditions = status.conditions.filter(({ type }) => !types.includes(type))
}
