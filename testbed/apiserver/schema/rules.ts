import { duplicate, type FieldError, forbiddenField, invalidValue, required } from '../field-error.ts'
import { equal, isObject, type JsonObject } from '../json.ts'
import { celWords, compilerWith } from './cel.ts'
import { celValue } from './cel-value.ts'
import { type Rule, type Schema, valuesOf } from './types.ts'

interface Program {
  run(values: { self: unknown; oldSelf?: unknown }): unknown
  /** A transition rule: it compares with the value before. */
  usesOld: boolean
}

const compileRule = compilerWith(['self', 'oldSelf'])

/** The expression, or why it cannot be evaluated here. */
function compile(text: string): Program | string {
  const run = compileRule(text)
  return typeof run === 'string' ? run : { run, usesOld: /\boldSelf\b/.test(text) }
}

/** Rules of a schema that this server does not evaluate, such as those with functions that it does not have, and why. */
export function unknownRules(schema: Schema): string[] {
  const own = (schema['x-kubernetes-validations'] ?? []).flatMap((rule) => {
    const program = compile(rule.rule)
    const why = rule.optionalOldSelf ? 'optionalOldSelf is not supported' : program
    return typeof why === 'string' ? [`${JSON.stringify(rule.rule)}: ${why}`] : []
  })
  const inner = [...Object.values(schema.properties ?? {}), schema.items, valuesOf(schema)]
  return [...own, ...inner.flatMap((item) => (item ? unknownRules(item) : []))]
}

/**
 * What a value does against the rules of its schema (x-kubernetes-validations), in the real server's words. Transition rules
 * are evaluated where there was a value before: an item of a list that is no map has none.
 */
export function validateRules(value: unknown, old: unknown, schema: Schema, path = ''): FieldError[] {
  if (value === undefined || value === null) return []
  const own = (schema['x-kubernetes-validations'] ?? []).flatMap((rule) =>
    check(rule, value, old, schema, path),
  )
  const inside = (key: string) => (path ? `${path}.${key}` : key)
  const inner = isObject(value)
    ? Object.entries(value).flatMap(([key, item]) => {
        const known = schema.properties?.[key] ?? valuesOf(schema)
        return known ? validateRules(item, isObject(old) ? old[key] : undefined, known, inside(key)) : []
      })
    : Array.isArray(value) && schema.items
      ? value.flatMap((item, i) =>
          validateRules(item, itemBefore(item, old, schema), schema.items!, `${path}[${i}]`),
        )
      : []
  return [...own, ...inner]
}

function itemBefore(item: unknown, old: unknown, schema: Schema): unknown {
  const keys = schema['x-kubernetes-list-map-keys']
  if (schema['x-kubernetes-list-type'] !== 'map' || !keys || !isObject(item) || !Array.isArray(old))
    return undefined
  const isSame = (other: unknown) => isObject(other) && keys.every((key) => equal(other[key], item[key]))
  return old.find(isSame)
}

function check(rule: Rule, value: unknown, old: unknown, schema: Schema, path: string): FieldError[] {
  const program = compile(rule.rule)
  if (typeof program === 'string' || rule.optionalOldSelf) return []
  if (program.usesOld && (old === undefined || old === null)) return []
  const values = { self: celValue(value, schema), ...(program.usesOld && { oldSelf: celValue(old, schema) }) }
  const type = schema.type ?? 'object'
  const text = rule.message?.trim() || rule.rule.trim()
  try {
    if (program.run(values) === true) return []
  } catch (error) {
    return [invalidValue(path, type, evaluationError(error, text))]
  }
  const field = path + (rule.fieldPath ?? '')
  return [failure(rule.reason, field.replace(/^\./, ''), type, messageFor(rule, values))]
}

function failure(reason: string | undefined, field: string, type: string, message: string): FieldError {
  if (reason === 'FieldValueRequired') return required(field, message)
  if (reason === 'FieldValueForbidden') return forbiddenField(field, message)
  return reason === 'FieldValueDuplicate' ? duplicate(field, type) : invalidValue(field, type, message)
}

/** cel-go's words begin in lower case (apiextensions-apiserver, schema/cel/validation.go). */
function evaluationError(error: unknown, rule: string): string {
  const words = celWords(error)
  if (/no (such|matching) overload/.test(words))
    return `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: ${rule}`
  return `${words.charAt(0).toLowerCase()}${words.slice(1)} evaluating rule: ${rule}`
}

/** A messageExpression that fails, or gives no line of text, leaves its place to the message. */
function messageFor(rule: Rule, values: JsonObject & { self: unknown }): string {
  const program = rule.messageExpression ? compile(rule.messageExpression) : ''
  if (typeof program !== 'string') {
    try {
      const made = program.run(values)
      if (typeof made === 'string' && made.trim() !== '' && !made.includes('\n')) return made.trim()
    } catch {
      // As the real server, which writes it into its own log.
    }
  }
  return rule.message?.trim() || `failed rule: ${rule.rule.trim()}`
}
