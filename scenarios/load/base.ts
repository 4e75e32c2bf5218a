import { WeirError } from '#weir/errors/index.ts'
import { didYouMean } from './nearest.ts'

type Json = { [key: string]: unknown }

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

type Named = Json & { name: string }

const isNamed = (list: unknown): list is Named[] =>
  Array.isArray(list) && list.length > 0 && list.every((one) => isObject(one) && typeof one.name === 'string')

/** What a change cannot do, at a path of the file that makes it. */
export class MergeProblem extends Error {
  readonly path: readonly (string | number)[]

  constructor(path: readonly (string | number)[], what: string) {
    super(what)
    this.path = path
  }
}

/**
 * Merges a scenario into its base, as a JSON merge patch (RFC 7386: null removes a key; lists replace lists). Two exceptions: lists of
 * named items are merged by name, and an object of another `kind` replaces (a manifest, an arrival schedule, a reconnect policy).
 * Throws a MergeProblem.
 */
export function over(base: unknown, own: unknown, path: readonly (string | number)[] = []): unknown {
  if (isNamed(own)) return overNamed(isNamed(base) ? base : [], own, path)
  if (!isObject(own) || !isObject(base)) return own
  const merged: Json = isAnother(base, own) ? {} : { ...base }
  for (const [key, value] of Object.entries(own))
    if (value === null) delete merged[key]
    else merged[key] = over(merged[key] ?? (isObject(value) ? {} : undefined), value, [...path, key])
  return merged
}

/** `$patch: delete` removes an item, as in a strategic merge patch of Kubernetes. */
function overNamed(
  base: readonly Named[],
  own: readonly Named[],
  path: readonly (string | number)[],
): Named[] {
  const merged = [...base]
  for (const [index, change] of own.entries()) {
    const at = merged.findIndex(({ name }) => name === change.name)
    const { $patch } = change
    if ($patch !== undefined && $patch !== 'delete')
      throw new MergeProblem(
        [...path, index, '$patch'],
        `$patch is ${JSON.stringify($patch)}: it must be delete`,
      )
    if ($patch === undefined && at < 0) merged.push(change)
    else if ($patch === undefined) merged[at] = over(merged[at], change, [...path, index]) as Named
    else if (at >= 0) merged.splice(at, 1)
    else
      throw new MergeProblem(
        [...path, index],
        `the base has no "${change.name}" to delete${didYouMean(
          change.name,
          base.map(({ name }) => name),
        )}`,
      )
  }
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
