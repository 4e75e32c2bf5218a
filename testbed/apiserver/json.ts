/** JSON of a shape that this server does not know: bodies of requests and stored objects. */
export type JsonObject = Record<string, unknown>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A deep copy of JSON; keys whose value is undefined are dropped, as they would be on the wire. */
export function clone<T>(value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T
  if (typeof value !== 'object' || value === null) return value
  const copy: JsonObject = {}
  for (const [key, item] of Object.entries(value)) if (item !== undefined) copy[key] = clone(item)
  return copy as T
}

/** Equality of JSON, blind to the order of keys and to keys whose value is undefined. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]))
  if (!isObject(a) || !isObject(b)) return false
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  for (const key of keys) if (!equal(a[key], b[key])) return false
  return true
}

/** The value at a path of keys, or undefined where the path ends early. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let current = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined
    current = (current as Record<string | number, unknown>)[key]
  }
  return current
}

/** The list at a path, or an empty one; callers state what its items are. */
export function listAt<T = JsonObject>(value: unknown, ...path: (string | number)[]): T[] {
  const found = at(value, ...path)
  return Array.isArray(found) ? (found as T[]) : []
}

export function textAt(value: unknown, ...path: (string | number)[]): string | undefined {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : undefined
}

export function numberAt(value: unknown, ...path: (string | number)[]): number | undefined {
  const found = at(value, ...path)
  return typeof found === 'number' ? found : undefined
}

/** The object under `key`, made empty when there is none. */
export function objectIn(parent: JsonObject, key: string): JsonObject {
  if (!isObject(parent[key])) parent[key] = {}
  return parent[key] as JsonObject
}
