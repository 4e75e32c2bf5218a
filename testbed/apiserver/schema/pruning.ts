import { clone, isObject } from '../json.ts'
import { type Schema, valuesOf } from './types.ts'

const ROOT_FIELDS = ['apiVersion', 'kind', 'metadata']

/**
 * Drops fields that the schema does not know, in place, and returns their paths (`spec.foo`, `spec.list[0].bar`). What is
 * under x-kubernetes-preserve-unknown-fields stays, but is pruned again where the schema does know it.
 */
export function prune(value: unknown, schema: Schema, path = '', isRoot = true): string[] {
  if (Array.isArray(value))
    return value.flatMap((item, i) => (schema.items ? prune(item, schema.items, `${path}[${i}]`, false) : []))
  if (!isObject(value)) return []
  const dropped: string[] = []
  const embedded = isRoot || schema['x-kubernetes-embedded-resource'] === true
  const keepsAll =
    schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true
  for (const [key, item] of Object.entries(value)) {
    const inner = path ? `${path}.${key}` : key
    const known = schema.properties?.[key] ?? valuesOf(schema)
    if (embedded && ROOT_FIELDS.includes(key)) continue
    if (known) dropped.push(...prune(item, known, inner, false))
    else if (!keepsAll) {
      delete value[key]
      dropped.push(inner)
    }
  }
  return dropped
}

/**
 * Fills in the schema's defaults, in place. A null where null is not allowed counts as missing: it is replaced by the
 * default, or dropped where there is none.
 */
export function applyDefaults(value: unknown, schema: Schema): void {
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) applyDefaults(item, schema.items)
    return
  }
  if (!isObject(value)) return
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const nullNotAllowed = value[key] === null && !property.nullable
    if (value[key] !== undefined && !nullNotAllowed) continue
    if (property.default !== undefined) value[key] = clone(property.default)
    else if (nullNotAllowed) delete value[key]
  }
  for (const [key, item] of Object.entries(value)) {
    const inner = schema.properties?.[key] ?? valuesOf(schema)
    if (inner) applyDefaults(item, inner)
  }
}
