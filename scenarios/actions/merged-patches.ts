import { isObject } from './is-object.ts'

/** One merge patch that does what both do. Where both have a value, the second's counts. */
export function mergedPatches(first: unknown, second: unknown): unknown {
  if (!isObject(first) || !isObject(second)) return second
  const both = Object.fromEntries(
    Object.entries(second).map(([key, value]) => [
      key,
      key in first ? mergedPatches(first[key], value) : value,
    ]),
  )
  return { ...first, ...both }
}
