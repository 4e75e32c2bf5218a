import { equal, isObject, type JsonObject } from '../json.ts'
import { type FieldSet, pathOf, showPath } from './fields.ts'
import { keysOf, LEAF, type Shape, shapeAt, shapeOfValue } from './shapes.ts'

/** A part of a map or list: its element in a path, its shape and value. */
export interface Part {
  element: string
  shape: Shape
  value: unknown
  /** Not a field of a struct: a map's entry or a list's item, which is owned besides what is in it. */
  isEntry: boolean
}

/** The parts of a value, in its order; undefined when it is one value. Throws an Error when an item has no keys. */
export function partsOf(shape: Shape, value: unknown): Part[] | undefined {
  const own = shapeOfValue(shape, value)
  if (own.kind === 'leaf') return undefined
  if (own.kind === 'map')
    return Object.entries(value as JsonObject)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => ({
        element: `f:${key}`,
        shape: shapeAt(own, key),
        value: item,
        isEntry: !Object.hasOwn(own.fields, key),
      }))
  return (value as unknown[]).map((item, i) => {
    if (own.kind === 'set')
      return { element: `v:${JSON.stringify(item)}`, shape: LEAF, value: item, isEntry: true }
    const keys = isObject(item) ? keysOf(own.keys, item) : {}
    if (Object.keys(keys).length === 0) {
      const names = own.keys.map(({ name }) => JSON.stringify(name)).join(' ')
      throw new Error(
        `element ${i}: associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
      )
    }
    return { element: `k:${JSON.stringify(keys)}`, shape: own.item, value: item, isEntry: true }
  })
}

/** A value with these parts in place of its own. */
function rebuilt(value: unknown, parts: readonly Pick<Part, 'element' | 'value'>[]): unknown {
  if (Array.isArray(value)) return parts.map((part) => part.value)
  return Object.fromEntries(parts.map((part) => [part.element.slice(2), part.value]))
}

/** A configuration may not name an item of a list twice: throws an Error. */
export function checkDuplicates(shape: Shape, value: unknown, path = ''): void {
  const seen = new Set<string>()
  for (const part of partsOf(shape, value) ?? []) {
    const inner = pathOf(path, part.element)
    if (seen.has(inner))
      throw new Error(`${showPath(path)}: duplicate entries for key ${showPath(part.element)}`)
    seen.add(inner)
    checkDuplicates(part.shape, part.value, inner)
  }
}

/** The fields that are in a value. */
export function fieldsOf(shape: Shape, value: unknown, path = '', found: FieldSet = new Set()): FieldSet {
  const parts = partsOf(shape, value)
  if (!parts) return found.add(path)
  for (const part of parts) {
    const inner = pathOf(path, part.element)
    fieldsOf(part.shape, part.value, inner, found)
    if (part.isEntry || (isObject(part.value) && Object.keys(part.value).length === 0)) found.add(inner)
  }
  return found
}

export interface Comparison {
  /** New fields, and those whose value is another. */
  changed: FieldSet
  removed: FieldSet
}

/** What differs between two values, undefined being none. */
export function compare(
  shape: Shape,
  before: unknown,
  after: unknown,
  path = '',
  found: Comparison = { changed: new Set(), removed: new Set() },
): Comparison {
  const [old, now] = [partsOf(shape, before) ?? [], partsOf(shape, after) ?? []]
  const isBoth = before !== undefined && after !== undefined
  if (old.length + now.length === 0) {
    if (!isBoth || !equal(before, after)) (after === undefined ? found.removed : found.changed).add(path)
    return found
  }
  if (path !== '' && before === undefined) found.changed.add(path)
  if (path !== '' && after === undefined) found.removed.add(path)
  const others = new Map(old.map((part) => [part.element, part]))
  for (const part of now) {
    compare(part.shape, others.get(part.element)?.value, part.value, pathOf(path, part.element), found)
    others.delete(part.element)
  }
  for (const part of others.values())
    compare(part.shape, part.value, undefined, pathOf(path, part.element), found)
  return found
}

/** The live value with what a configuration applies. Items that are in both come in the configuration's order. */
export function merge(shape: Shape, live: unknown, applied: unknown): unknown {
  if (applied === undefined) return live
  const [old, now] = [partsOf(shape, live), partsOf(shape, applied)]
  if (!now || !old) return applied
  const inLive = new Map(old.map((part) => [part.element, part]))
  const inApplied = new Map(now.map((part) => [part.element, part]))
  const merged = (part: Part) => ({
    ...part,
    value: merge(part.shape, inLive.get(part.element)?.value, part.value),
  })
  // A shared item stands where the next shared one was; new items follow the one before them.
  const waiting = [...now]
  const result: Part[] = []
  for (const part of old) {
    if (!inApplied.has(part.element)) {
      result.push(part)
      continue
    }
    while (waiting.length > 0) {
      const next = waiting.shift()!
      result.push(merged(next))
      if (inLive.has(next.element)) break
    }
  }
  return rebuilt(applied, [...result, ...waiting.map(merged)])
}

/** The value without these fields; what is inside a field goes with it. undefined when nothing is left. */
export function without(shape: Shape, value: unknown, gone: FieldSet, path = ''): unknown {
  const parts = partsOf(shape, value)
  if (!parts || parts.length === 0) return value
  const kept: Part[] = []
  let isSame = true
  for (const part of parts) {
    const inner = pathOf(path, part.element)
    if (gone.has(inner)) {
      isSame = false
      continue
    }
    const rest = without(part.shape, part.value, gone, inner)
    if (rest !== part.value) isSame = false
    if (rest !== undefined) kept.push({ ...part, value: rest })
  }
  if (isSame) return value
  return kept.length === 0 ? undefined : rebuilt(value, kept)
}
