import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject } from 'ajv'
import { packageFile } from '#weir/errors/index.ts'
import { type Problem, problemsOf } from './problem.ts'

export const SCHEMA_FILE = packageFile('scenarios/scenario.schema.json')

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  useDefaults: true,
  discriminator: true,
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
})
const check = ajv.compile(JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')) as object)

/** Holds a scenario against its schema and fills in the schema's defaults in place. Empty when nothing is wrong. */
export function validate(scenario: unknown): Problem[] {
  return check(scenario) ? [] : problemsOf(check.errors as ErrorObject[])
}
