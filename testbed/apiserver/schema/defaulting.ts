import { clone, isObject } from '../json.ts'
import { type Schema, valuesOf } from './types.ts'

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
