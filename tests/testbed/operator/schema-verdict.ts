import { applyDefaults, prune } from '#weir/testbed/apiserver/schema/pruning.ts'
import type { Schema } from '#weir/testbed/apiserver/schema/types.ts'
import { validateSchema } from '#weir/testbed/apiserver/schema/validation.ts'
export type Plain = Record<string, unknown>

/** What an API server with this schema makes of an object: what it drops, what it adds, and why it refuses. */
export function verdict(object: Plain, schema: Schema) {
  const copy = structuredClone(object)
  const dropped = prune(copy, schema).sort()
  applyDefaults(copy, schema)
  return { dropped, object: copy, refused: validateSchema(copy, schema) }
}
