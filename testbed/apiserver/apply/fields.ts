import { isObject, type JsonObject } from '../json.ts'

/**
 * A set of fields. Each is the path to it, its elements as FieldsV1 writes them: `f:NAME`, `k:{"KEY":VALUE}` for an item of
 * a keyed list, `v:VALUE` for one of a set.
 */
export type FieldSet = Set<string>

/** No element holds it: JSON escapes it, and names of fields have none. */
const SEPARATOR = '\0'

export const pathOf = (parent: string, element: string): string =>
  parent === '' ? element : `${parent}${SEPARATOR}${element}`

export const elementsOf = (path: string): string[] => path.split(SEPARATOR)

/** All paths that contain this one, the nearest first. */
export function* parentsOf(path: string): Generator<string> {
  for (let end = path.lastIndexOf(SEPARATOR); end > 0; end = path.lastIndexOf(SEPARATOR, end - 1))
    yield path.slice(0, end)
}

/** From metadata.managedFields[].fieldsV1. */
export function readFields(fields: unknown, parent = '', found: FieldSet = new Set()): FieldSet {
  if (!isObject(fields)) return found
  for (const [element, inner] of Object.entries(fields)) {
    if (element === '.') {
      if (parent !== '') found.add(parent)
      continue
    }
    const path = pathOf(parent, element)
    if (isObject(inner) && Object.keys(inner).length > 0) readFields(inner, path, found)
    else found.add(path)
  }
  return found
}

/** As metadata.managedFields[].fieldsV1: in the order of its elements, with `.` for a field that has others inside. */
export function writeFields(set: FieldSet): JsonObject {
  const root: JsonObject = {}
  for (const path of [...set].sort()) {
    let node = root
    for (const element of elementsOf(path)) {
      node[element] ??= {}
      node = node[element] as JsonObject
    }
    node['.'] = {}
  }
  return withoutLonelyDots(root)
}

/** A field without others inside is `{}`. */
function withoutLonelyDots(node: JsonObject): JsonObject {
  const entries = Object.entries(node)
  if (entries.length === 1 && entries[0]![0] === '.') return {}
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, key === '.' ? {} : withoutLonelyDots(inner as JsonObject)] as const),
  )
}

/** `.spec.containers[name="emqx"].image`, as messages name a field. */
export function showPath(path: string): string {
  return elementsOf(path)
    .map((element) => {
      const [kind, rest] = [element[0], element.slice(2)]
      if (kind === 'f') return `.${rest}`
      if (kind === 'v') return `[=${rest}]`
      const keys = Object.entries(JSON.parse(rest) as JsonObject)
      return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`
    })
    .join('')
}
