import { ScenarioSchema } from './scenario.ts'

type Json = { [key: string]: unknown }

/**
 * A scenario's JSON Schema. What has a default need not be written, so it is not required; a union of objects with a `kind` is told
 * apart by it, which gives errors about the kind that was meant.
 */
function published(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(published)
  if (typeof schema !== 'object' || schema === null) return schema
  const { anyOf, ...rest } = schema as Json
  const byKind = Array.isArray(anyOf) && anyOf.every((one) => one?.properties?.kind?.const !== undefined)
  const whole: Json = byKind
    ? { ...rest, type: 'object', required: ['kind'], discriminator: { propertyName: 'kind' }, oneOf: anyOf }
    : anyOf
      ? { ...rest, anyOf }
      : rest
  const out = Object.fromEntries(
    Object.entries(whole).map(([key, value]) => [key, key === 'default' ? value : published(value)]),
  )
  const { required, properties } = whole as { required?: string[]; properties?: Record<string, object> }
  if (required && properties)
    out.required = required.filter((name) => !(properties[name] && 'default' in properties[name]))
  return out
}

/** For ajv. */
export const scenarioJsonSchema = published(ScenarioSchema) as Json

/** With which ajv checks a scenario by it: errors name what they are about, and defaults are filled in. */
export const SCENARIO_CHECK_OPTIONS = {
  allErrors: true,
  verbose: true,
  useDefaults: true,
  discriminator: true,
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
}

/** The keys of a scenario file are those of a scenario and `base`; with a base nothing but a name and a description is required. */
export function editorSchema(): Json {
  const { properties, required, ...rest } = scenarioJsonSchema as { properties: Json; required: string[] }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'weir-scenario',
    ...rest,
    properties: { base: BASE, ...(lenient({ properties }) as { properties: Json }).properties },
    required: ['name', 'description'],
    if: { not: { required: ['base'] } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required },
  }
}

const BASE = {
  description:
    'Another scenario, by name or file, of which this one lists only the differences. Objects are merged, null removes a key, lists replace lists; groups and other lists of named items are merged by name, where $patch: delete removes an item, and an object of another kind replaces.',
  type: 'string',
  minLength: 1,
}

const DELETE = { description: 'Removes the item of this name that the base has.', const: 'delete' }

const RULES = ['if', 'then', 'else', 'allOf', 'oneOf']

/** A base may hold whatever is required, and null removes what it holds; `discriminator` is no keyword of draft 7. */
function lenient(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(lenient)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) => {
      if (key === 'discriminator' || (key === 'required' && 'properties' in schema)) return []
      // Rules that tell one kind of step from another, and whole alternatives, stay as they are.
      if (RULES.includes(key)) return [[key, value]]
      if (key === 'items') return [[key, withDelete(lenient(value))]]
      if (key !== 'properties') return [[key, lenient(value)]]
      return [
        [key, Object.fromEntries(Object.entries(value as Json).map(([name, one]) => [name, orNull(one)]))],
      ]
    }),
  )
}

/** An item that a base may have. */
function withDelete(items: unknown): unknown {
  const { properties } = items as { properties?: Json }
  if (!properties?.name) return items
  return { ...(items as Json), properties: { ...properties, $patch: DELETE } }
}

function orNull(schema: unknown): unknown {
  const own = lenient(schema)
  if (typeof own !== 'object' || own === null) return own
  const { type, enum: words } = own as { type?: string | string[]; enum?: unknown[] }
  if (words) return { ...own, enum: [...words, null] }
  return type === undefined ? own : { ...own, type: [type, 'null'].flat() }
}
