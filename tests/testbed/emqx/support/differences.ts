/** A field whose value may be another than the recorded one. The reason is for the reader. */
export interface Varying {
  key: string
  why: string
  /** What the value has to look like all the same; any value of the recorded type when left out. */
  like?: RegExp
}

/**
 * Walks a recorded JSON document and an emulated one together. Keys, types, list elements and values have to be the same,
 * but for numbers, which are figures of their moment and only have to be whole where the recorded one is, and for the
 * fields that `varying` lists. Of lists the recorded elements are compared with the emulated ones at their places; the
 * emulated list may be longer or shorter, but not empty where the recorded one is not.
 */
export function differences(
  wanted: unknown,
  given: unknown,
  varying: readonly Varying[] = [],
  path = '',
  name = '',
): string[] {
  const kind = kindOf(wanted)
  if (kind !== kindOf(given)) return [`${path}: ${kindOf(given)} instead of ${kind}`]
  if (Array.isArray(wanted) && Array.isArray(given))
    return listDifferences(wanted, given, varying, path, name)
  if (kind === 'object') return objectDifferences(wanted as object, given as object, varying, path)
  const exception = varying.find(({ key }) => key === name)
  if (kind === 'number' && exception === undefined)
    return Number.isInteger(wanted) && !Number.isInteger(given) ? [`${path}: ${given} is not whole`] : []
  if (exception === undefined)
    return wanted === given ? [] : [`${path}: ${JSON.stringify(given)} instead of ${JSON.stringify(wanted)}`]
  if (exception.like === undefined || exception.like.test(String(given))) return []
  return [`${path}: ${JSON.stringify(given)} is not like ${exception.like}`]
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'list' : typeof value
}

function listDifferences(
  wanted: unknown[],
  given: unknown[],
  varying: readonly Varying[],
  path: string,
  name: string,
): string[] {
  if (wanted.length === 0 || given.length === 0)
    return wanted.length === given.length ? [] : [`${path}: ${given.length} elements, not ${wanted.length}`]
  const pairs = Math.min(wanted.length, given.length)
  return wanted
    .slice(0, pairs)
    .flatMap((element, index) => differences(element, given[index], varying, `${path}[${index}]`, name))
}

function objectDifferences(
  wanted: object,
  given: object,
  varying: readonly Varying[],
  path: string,
): string[] {
  const inner = (key: string) => (path === '' ? key : `${path}.${key}`)
  const has = (value: object, key: string) => Object.hasOwn(value, key)
  return [
    ...Object.keys(wanted)
      .filter((key) => !has(given, key))
      .map((key) => `${inner(key)}: missing`),
    ...Object.keys(given)
      .filter((key) => !has(wanted, key))
      .map((key) => `${inner(key)}: extra`),
    ...Object.entries(wanted)
      .filter(([key]) => has(given, key))
      .flatMap(([key, value]) =>
        differences(value, (given as Record<string, unknown>)[key], varying, inner(key), key),
      ),
  ]
}
