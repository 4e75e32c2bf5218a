import { WeirError } from '#weir/errors/index.ts'
import { didYouMean } from './nearest.ts'

type Json = { [key: string]: unknown }

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

type Named = Json & { name: string }

const isNamed = (list: unknown): list is Named[] =>
  Array.isArray(list) && list.length > 0 && list.every((one) => isObject(one) && typeof one.name === 'string')

/** What a change cannot do, at a path of the file that makes it. */
export interface MergeProblem {
  path: readonly (string | number)[]
  what: string
}

/** Everything that a file cannot change in its base. */
export class MergeProblems extends Error {
  readonly problems: readonly MergeProblem[]

  constructor(problems: readonly MergeProblem[]) {
    super(problems.map(({ what }) => what).join('; '))
    this.problems = problems
  }
}

/**
 * Merges a scenario into its base, as a JSON merge patch (RFC 7386: null removes a key; lists replace lists). Two exceptions: lists of
 * named items are merged by name, and an object of another `kind` replaces (a manifest, an arrival schedule, a reconnect policy).
 * Throws MergeProblems.
 */
export function over(base: unknown, own: unknown): unknown {
  const problems: MergeProblem[] = []
  const merged = merge(base, own, problems, [])
  if (problems.length > 0) throw new MergeProblems(problems)
  return merged
}

/** What cannot be done is added to `problems` and left out. */
function merge(
  base: unknown,
  own: unknown,
  problems: MergeProblem[],
  path: readonly (string | number)[],
): unknown {
  if (isNamed(own)) return overNamed(isNamed(base) ? base : [], own, problems, path)
  if (!isObject(own) || !isObject(base)) return own
  const merged: Json = isAnother(base, own) ? {} : { ...base }
  for (const [key, value] of Object.entries(own))
    if (value === null) delete merged[key]
    else
      merged[key] = merge(merged[key] ?? (isObject(value) ? {} : undefined), value, problems, [...path, key])
  return merged
}

/** `$patch: delete` removes an item, as in a strategic merge patch of Kubernetes. */
function overNamed(
  base: readonly Named[],
  own: readonly Named[],
  problems: MergeProblem[],
  path: readonly (string | number)[],
): Named[] {
  const merged = [...base]
  for (const [index, change] of own.entries()) {
    const at = merged.findIndex(({ name }) => name === change.name)
    const { $patch } = change
    if ($patch !== undefined && $patch !== 'delete')
      problems.push({
        path: [...path, index, '$patch'],
        what: `$patch is ${JSON.stringify($patch)}: it must be delete`,
      })
    else if ($patch === undefined && at < 0) merged.push(change)
    else if ($patch === undefined) merged[at] = merge(merged[at], change, problems, [...path, index]) as Named
    else if (at >= 0) merged.splice(at, 1)
    else
      problems.push({
        path: [...path, index],
        what: `the base has no "${change.name}" to delete${didYouMean(
          change.name,
          base.map(({ name }) => name),
        )}`,
      })
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
