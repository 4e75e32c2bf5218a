import { isObject } from './is-object.ts'

/**
 * The merge patch that takes another one back: each value that it changes, as it was in `before`; null where there was none. A list is
 * a value.
 */
export function inversePatch(patch: unknown, before: unknown): unknown {
  if (!isObject(patch)) return before === undefined ? null : before
  // The patch makes an object where there was none, or where there was another value.
  if (!isObject(before)) return before === undefined ? null : before
  return Object.fromEntries(
    Object.entries(patch).map(([key, value]) => [key, inversePatch(value, before[key])]),
  )
}
