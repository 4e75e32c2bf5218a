import type { ErrorObject } from 'ajv'
import type { ErrorCode } from '#weir/errors/index.ts'
import { didYouMean } from './nearest.ts'

export interface Problem {
  code: Extract<ErrorCode, 'WEIR_SCENARIO_INVALID' | 'WEIR_ASSERTION_UNKNOWN'>
  /** Keys from the top. */
  path: (string | number)[]
  /** True when the key itself is wrong, not its value. */
  key: boolean
  what: string
}

/** JSON Pointer (RFC 6901) to keys; numbers are positions in lists. */
export function keysOf(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

export const dotted = (path: readonly (string | number)[]): string => path.join('.') || 'the scenario'

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** Keywords whose errors only repeat that something below failed. */
const SECONDARY = new Set(['if', 'allOf', 'anyOf', '$ref'])

function explain(error: ErrorObject): Omit<Problem, 'code'> | undefined {
  const { keyword, params, data, parentSchema, instancePath } = error
  const path = keysOf(instancePath)
  const name = dotted(path)
  const known = () => Object.keys((parentSchema as { properties?: object }).properties ?? {})
  if (SECONDARY.has(keyword)) return undefined
  if (keyword === 'additionalProperties') {
    const word = String(params.additionalProperty)
    return { path: [...path, word], key: true, what: `${name} has no "${word}"${didYouMean(word, known())}` }
  }
  if (keyword === 'false schema')
    return { path, key: true, what: `"${path.at(-1)}" does not belong to this step` }
  if (keyword === 'required')
    return { path, key: false, what: `${name} lacks "${String(params.missingProperty)}"` }
  if (keyword === 'enum') {
    const words = (params.allowedValues as unknown[]).map(String)
    if (typeof data !== 'string' && words.includes(String(data)))
      return {
        path,
        key: false,
        what: `${name} is ${shown(data)}: it must be the text "${data}", so put it in quotes`,
      }
    return { path, key: false, what: `${name} is ${shown(data)}${didYouMean(String(data), words)}` }
  }
  if (keyword === 'const')
    return { path, key: false, what: `${name} is ${shown(data)}: it must be ${shown(params.allowedValue)}` }
  if (keyword === 'discriminator') {
    const kinds = (
      (parentSchema as { oneOf?: { properties: { kind: { const: string } } }[] }).oneOf ?? []
    ).map((one) => one.properties.kind.const)
    const word = String(params.tagValue)
    return {
      path: [...path, 'kind'],
      key: false,
      what: `${name}.kind is ${shown(params.tagValue)}${didYouMean(word, kinds)}`,
    }
  }
  if (keyword === 'oneOf')
    return { path, key: false, what: `${name} must have exactly one of action, waitFor, hold, mark` }
  if (keyword === 'maxProperties')
    return { path, key: false, what: `${name} has a preset, so it must have no other key` }
  if (keyword === 'type') {
    const wanted = [params.type].flat().join(' or ')
    return { path, key: false, what: `${name} is ${shown(data)}: it must be of type ${wanted}` }
  }
  return { path, key: false, what: `${name} is ${shown(data)}: it ${error.message}` }
}

/** ajv's errors as problems, deepest first. Needs ajv's option `verbose`. */
export function problemsOf(errors: readonly ErrorObject[]): Problem[] {
  const problems = errors.flatMap((error) => {
    const found = explain(error)
    if (!found) return []
    const unknownAssertion = error.keyword === 'enum' && found.path[0] === 'assert'
    return [
      {
        code: unknownAssertion ? 'WEIR_ASSERTION_UNKNOWN' : 'WEIR_SCENARIO_INVALID',
        ...found,
      } satisfies Problem,
    ]
  })
  return problems.sort((a, b) => b.path.length - a.path.length)
}
