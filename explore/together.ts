import type { Dialect, Effect } from './types.ts'

/** Pairs of effects that no episode has both of, since nothing could be judged of it, or it would never end. */
const APART: readonly { one: Effect; other: Effect; dialect?: Dialect }[] = [
  // A stop drops everybody at once, and sessions with their pods: nothing of a rate or a session is left to judge.
  { one: 'stop', other: 'update' },
  { one: 'stop', other: 'held' },
  { one: 'stop', other: 'evacuation' },
  { one: 'stop', other: 'idle-evacuation' },
  { one: 'stop', other: 'kill' },
  // No released operator of v1beta4 does both: 2.1.2 never finishes a scale-out, and 2.2.29 deletes pods undrained in every update
  // (docs/contract/operator.md).
  { one: 'update', other: 'scale', dialect: 'v1beta4' },
  { one: 'held', other: 'scale', dialect: 'v1beta4' },
  { one: 'update', other: 'stop', dialect: 'v1beta4' },
]

/** Whether an episode with these effects may get a step with those. */
export const fitTogether = (
  dialect: Dialect,
  effects: readonly Effect[],
  more: readonly Effect[],
): boolean => {
  const all = new Set([...effects, ...more])
  return !APART.some(
    ({ one, other, dialect: only }) =>
      (only === undefined || only === dialect) && all.has(one) && all.has(other),
  )
}
