import { WeirError } from '#weir/errors/index.ts'

type Json = { [key: string]: unknown }

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isNamed = (list: unknown): list is (Json & { name: string })[] =>
  Array.isArray(list) && list.length > 0 && list.every((one) => isObject(one) && typeof one.name === 'string')

/**
 * Merges a scenario into its base, as a JSON merge patch (RFC 7386: null removes a key; lists replace lists). Two exceptions: lists of
 * named items are merged by name, and an object of another `kind` replaces (a manifest, an arrival schedule, a reconnect policy).
 */
export function over(base: unknown, own: unknown): unknown {
  if (isNamed(base) && isNamed(own)) {
    const added = own.filter(({ name }) => !base.some((one) => one.name === name))
    const kept = base.map((one) => {
      const change = own.find(({ name }) => name === one.name)
      return change ? over(one, change) : one
    })
    return [...kept, ...added]
  }
  if (!isObject(own) || !isObject(base)) return own
  const merged: Json = isAnother(base, own) ? {} : { ...base }
  for (const [key, value] of Object.entries(own))
    if (value === null) delete merged[key]
    else merged[key] = isObject(value) ? over(merged[key] ?? {}, value) : over(merged[key], value)
  return merged
}

/** An object of another kind replaces; so does a preset in place of numbers, and the reverse. */
function isAnother(base: Json, own: Json): boolean {
  if (own.kind !== undefined && base.kind !== undefined && own.kind !== base.kind) return true
  return (
    (own.preset !== undefined && base.kind !== undefined) ||
    (base.preset !== undefined && own.kind !== undefined)
  )
}

export function refuseCircle(files: readonly string[], next: string): void {
  if (files.includes(next))
    throw new WeirError(
      'WEIR_SCENARIO_INVALID',
      `${files[0]}: its bases form a circle through ${next}: remove one base`,
    )
}
