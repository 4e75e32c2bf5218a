/** What each row of a record must be like. Compiled once, when the first record is read. */
import { Ajv, type ValidateFunction } from 'ajv'
import { EVENT_SCHEMAS, SCRAPE_SCHEMA } from './events.ts'
import { FLEET_SCHEMA, MANIFEST_SCHEMA, MESSAGE_SCHEMAS } from './manifest.ts'

export { LONGEST_RUN_NS } from './scalars.ts'

const ajv = new Ajv({ strict: false })
const compiled = new Map<object, ValidateFunction>()

/** What is wrong with `value`, in a few words ("/nodes/0/node must be string"); undefined when it fits. */
function problem(schema: object, value: unknown): string | undefined {
  const check = compiled.get(schema) ?? ajv.compile(schema)
  compiled.set(schema, check)
  if (check(value)) return undefined
  const [error] = check.errors ?? []
  return `${error?.instancePath || 'it'} ${error?.message ?? 'is not valid'}`
}

/** An event of an unknown type is not judged, so nothing is asked of it but a time. */
export function eventProblem(value: unknown): string | undefined {
  const { type } = value as { type?: unknown }
  if (typeof type !== 'string') return 'it has no type'
  const schema = Object.hasOwn(EVENT_SCHEMAS, type)
    ? EVENT_SCHEMAS[type as keyof typeof EVENT_SCHEMAS]
    : undefined
  return schema && problem(schema, value)
}

export function messageProblem(value: unknown): string | undefined {
  const { type } = value as { type?: unknown }
  const isKnown = typeof type === 'string' && Object.hasOwn(MESSAGE_SCHEMAS, type)
  return isKnown ? problem(MESSAGE_SCHEMAS[type as keyof typeof MESSAGE_SCHEMAS], value) : undefined
}

export const scrapeProblem = (value: unknown) => problem(SCRAPE_SCHEMA, value)
export const manifestProblem = (value: unknown) => problem(MANIFEST_SCHEMA, value)
export const fleetProblem = (value: unknown) => problem(FLEET_SCHEMA, value)
