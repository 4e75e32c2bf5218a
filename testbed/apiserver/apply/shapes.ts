import { readFileSync } from 'node:fs'
import { isObject, type JsonObject } from '../json.ts'
import type { ResourceType } from '../resource-type.ts'
import { type Schema, valuesOf } from '../schema/types.ts'

/**
 * How server-side apply merges a value (Kubernetes "Server-Side Apply", "Merge strategy").
 * `leaf`: one value that is owned as a whole: a scalar, an atomic list or map.
 */
export type Shape =
  | { kind: 'leaf' }
  | { kind: 'set' }
  /** Each key is owned by itself. `fields` are those of a struct; other keys are entries, of the shape `values`. */
  | { kind: 'map'; fields: Readonly<Record<string, Shape>>; values: Shape }
  /** Items are told apart by these keys; a key that is missing counts as its default, where it has one. */
  | { kind: 'list'; keys: readonly ListKey[]; item: Shape }

interface ListKey {
  name: string
  default?: unknown
}

export const LEAF: Shape = { kind: 'leaf' }

/** What no schema describes: maps merge, lists do not. */
const DEDUCED: Shape = {
  kind: 'map',
  fields: {},
  get values() {
    return DEDUCED
  },
}

/** shapes.yaml, which tools/kubernetes writes: `NAME`, `map [SHAPE]`, `list KEY[=DEFAULT]+… [SHAPE]`, `set` or `deduced`. */
let table: Record<string, Record<string, string>> | undefined

const shapesOf = new Map<string, Shape>()

function builtin(name: string): Shape | undefined {
  table ??= JSON.parse(readFileSync(new URL('./shapes.json', import.meta.url), 'utf8')) as typeof table
  const fields = table?.[name]
  if (!fields) return undefined
  const known = shapesOf.get(name)
  if (known) return known
  const shapes: Record<string, Shape> = {}
  const shape: Shape = { kind: 'map', fields: shapes, values: LEAF }
  // Before its fields: a type may be among its own.
  shapesOf.set(name, shape)
  for (const [field, text] of Object.entries(fields)) shapes[field] = parseShape(text)
  return shape
}

function parseShape(text: string): Shape {
  const [word = '', ...rest] = text.split(' ')
  if (word === '') return LEAF
  if (word === 'set') return { kind: 'set' }
  if (word === 'deduced') return DEDUCED
  if (word === 'map') return { kind: 'map', fields: {}, values: parseShape(rest.join(' ')) }
  if (word !== 'list') return builtin(word) ?? LEAF
  const keys = rest[0]!.split('+').map((key) => {
    const [name = '', value] = key.split('=')
    return { name, ...(value !== undefined && { default: /^\d+$/.test(value) ? Number(value) : value }) }
  })
  return { kind: 'list', keys, item: parseShape(rest.slice(1).join(' ')) }
}

/** The shape of a custom resource's part, by its schema's x-kubernetes-list-type and -map-type. */
function shapeOfSchema(schema: Schema): Shape {
  if (schema.items) return shapeOfList(schema, schema.items)
  if (schema['x-kubernetes-map-type'] === 'atomic' || schema['x-kubernetes-int-or-string']) return LEAF
  const properties = Object.entries(schema.properties ?? {})
  const inner = valuesOf(schema)
  const keepsAll = schema['x-kubernetes-preserve-unknown-fields'] === true
  if (properties.length === 0 && !inner && !keepsAll) return schema.type === 'object' ? EMPTY : LEAF
  return {
    kind: 'map',
    fields: Object.fromEntries(properties.map(([name, property]) => [name, shapeOfSchema(property)])),
    values: inner ? shapeOfSchema(inner) : keepsAll ? DEDUCED : LEAF,
  }
}

const EMPTY: Shape = { kind: 'map', fields: {}, values: LEAF }

function shapeOfList(schema: Schema, items: Schema): Shape {
  if (schema['x-kubernetes-list-type'] === 'set') return { kind: 'set' }
  if (schema['x-kubernetes-list-type'] !== 'map') return LEAF
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []).map((name) => {
    const value = items.properties?.[name]?.default
    return { name, ...(value !== undefined && { default: value }) }
  })
  return { kind: 'list', keys, item: shapeOfSchema(items) }
}

const byType = new WeakMap<ResourceType, Shape>()

/** The shape of a resource's objects. */
export function shapeOf(type: ResourceType): Shape {
  const known = byType.get(type)
  if (known) return known
  const own = type.schema
    ? shapeOfSchema(type.schema)
    : builtin(`${type.group.split('.')[0] || 'core'}.${type.version}.${type.kind}`)
  const { fields, values } = own?.kind === 'map' ? own : { fields: {}, values: DEDUCED }
  const shape: Shape = {
    kind: 'map',
    fields: { ...fields, metadata: builtin('meta.v1.ObjectMeta')! },
    values,
  }
  byType.set(type, shape)
  return shape
}

/** The shape under a key of a map. */
export const shapeAt = (shape: Shape, key: string): Shape =>
  shape.kind === 'map' ? (Object.hasOwn(shape.fields, key) ? shape.fields[key]! : shape.values) : LEAF

/** Whether a path ends in a struct's field: such a field is there because of what is in it. */
export function isNamed(shape: Shape, path: readonly string[]): boolean {
  let current = shape
  for (const [i, element] of path.entries()) {
    const key = element.slice(2)
    if (i === path.length - 1) return current.kind === 'map' && Object.hasOwn(current.fields, key)
    current = current.kind === 'list' ? current.item : shapeAt(current, key)
  }
  return false
}

/** What a value merges as: where no list or map stands, the whole is one value. */
export function shapeOfValue(shape: Shape, value: unknown): Shape {
  if (shape.kind === 'map') return isObject(value) ? shape : LEAF
  return shape.kind === 'leaf' || Array.isArray(value) ? shape : LEAF
}

/** An item's keys, defaults included, in the order of their names. */
export function keysOf(keys: readonly ListKey[], item: JsonObject): JsonObject {
  const found = keys.flatMap(({ name, default: other }) => {
    const value = item[name] ?? other
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)))
}
