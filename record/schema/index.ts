/** What each row of a record must be like. */
import type { ValidateFunction } from 'ajv'
import * as validators from './validators.js'

/** What is wrong with `value`, in a few words ("/nodes/0/node must be string"); undefined when it fits. */
function problem(check: ValidateFunction, value: unknown): string | undefined {
  if (check(value)) return undefined
  const [error] = check.errors ?? []
  return `${error?.instancePath || 'it'} ${error?.message ?? 'is not valid'}`
}

const typed = (checks: Readonly<Record<string, ValidateFunction>>, type: unknown, value: unknown) => {
  const check = typeof type === 'string' && Object.hasOwn(checks, type) ? checks[type] : undefined
  return check && problem(check, value)
}

const untyped = (value: unknown) =>
  typeof (value as { type?: unknown }).type === 'string' ? undefined : 'it has no type'

/** An event of an unknown type is not judged, so nothing is asked of it but a time. */
export function eventProblem(value: unknown): string | undefined {
  return untyped(value) ?? typed(validators.events, (value as { type?: unknown }).type, value)
}

export const messageProblem = (value: unknown) =>
  typed(validators.messages, (value as { type?: unknown }).type, value)
export const logProblem = (value: unknown) =>
  untyped(value) ?? typed(validators.logs, (value as { type?: unknown }).type, value)
export const scrapeProblem = (value: unknown) => problem(validators.scrape, value)
export const manifestProblem = (value: unknown) => problem(validators.manifest, value)
export const fleetProblem = (value: unknown) => problem(validators.fleet, value)
