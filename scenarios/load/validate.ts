import { Ajv, type ErrorObject } from 'ajv'
import { scenarioJsonSchema } from '../definition/json-schema.ts'
import { type Problem, problemsOf } from './problem.ts'

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  useDefaults: true,
  discriminator: true,
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
})
const check = ajv.compile(scenarioJsonSchema)

/** Checks a scenario against its schema and fills in the schema's defaults in place. Empty when nothing is wrong. */
export function validate(scenario: unknown): Problem[] {
  return check(scenario) ? [] : problemsOf(check.errors as ErrorObject[])
}
