import { remembered } from '../../runtime/memo.ts'
import {
  duplicate,
  type FieldError,
  invalidValue,
  required,
  tooLong,
  tooMany,
  typeInvalid,
  unsupported,
} from '../field-error.ts'
import { equal, isObject, type JsonObject } from '../json.ts'
import { type Schema, valuesOf } from './types.ts'

/**
 * Everything about `value` that the schema forbids, in the API server's words. Fields are named from `path`
 * (`spec.ports[0].name`); the root's path is empty.
 */
export function validateSchema(value: unknown, schema: Schema, path = ''): FieldError[] {
  if (value === null && schema.nullable) return []
  const wrongType = checkType(value, schema, path)
  if (wrongType) return [wrongType]
  return [
    ...checkEnum(value, schema, path),
    ...(typeof value === 'string' ? checkText(value, schema, path) : []),
    ...(typeof value === 'number' ? checkNumber(value, schema, path) : []),
    ...(Array.isArray(value) ? checkList(value, schema, path) : []),
    ...(isObject(value) ? checkObject(value, schema, path) : []),
    ...checkCombined(value, schema, path),
  ]
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

function checkType(value: unknown, schema: Schema, path: string): FieldError | undefined {
  const actual = typeName(value)
  const wanted = schema['x-kubernetes-int-or-string'] ? 'integer,string' : schema.type
  if (!wanted) return undefined
  const fits = wanted
    .split(',')
    .some((type) => type === actual || (type === 'number' && actual === 'integer'))
  return fits
    ? undefined
    : typeInvalid(path, actual, `${path} in body must be of type ${wanted}: "${actual}"`)
}

function checkEnum(value: unknown, schema: Schema, path: string): FieldError[] {
  if (!schema.enum || schema.enum.some((item) => equal(item, value))) return []
  return [unsupported(path, value, schema.enum)]
}

function checkText(value: string, schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = []
  const length = [...value].length
  if (schema.maxLength !== undefined && length > schema.maxLength)
    errors.push(tooLong(path, schema.maxLength))
  if (schema.minLength !== undefined && length < schema.minLength)
    errors.push(
      invalidValue(path, value, `${path} in body should be at least ${schema.minLength} chars long`),
    )
  if (schema.pattern !== undefined && !compile(schema.pattern).test(value))
    errors.push(invalidValue(path, value, `${path} in body should match '${schema.pattern}'`))
  if (schema.format && !hasFormat(schema.format, value))
    errors.push(
      invalidValue(path, value, `${path} in body must be of type ${schema.format}: ${JSON.stringify(value)}`),
    )
  return errors
}

const patterns = new Map<string, RegExp>()

const compile = (pattern: string) => remembered(patterns, pattern, () => new RegExp(pattern))

function checkNumber(value: number, schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = []
  const { minimum, maximum, multipleOf } = schema
  const bad = (detail: string) => errors.push(invalidValue(path, value, `${path} in body ${detail}`))
  if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum))
    bad(`should be greater than ${schema.exclusiveMinimum ? '' : 'or equal to '}${minimum}`)
  if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum))
    bad(`should be less than ${schema.exclusiveMaximum ? '' : 'or equal to '}${maximum}`)
  if (multipleOf !== undefined && value % multipleOf !== 0) bad(`should be a multiple of ${multipleOf}`)
  const range = schema.type === 'integer' ? rangeOf(schema.format) : undefined
  if (range && (value < range[0] || value > range[1]))
    errors.push(invalidValue(path, value, `${path} in body must be of type ${schema.format}: "integer"`))
  return errors
}

function checkList(value: unknown[], schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (schema.maxItems !== undefined && value.length > schema.maxItems)
    errors.push(tooMany(path, value.length, schema.maxItems))
  if (schema.minItems !== undefined && value.length < schema.minItems)
    errors.push(
      invalidValue(path, value.length, `${path} in body should have at least ${schema.minItems} items`),
    )
  value.forEach((item, i) => {
    if (schema.items) errors.push(...validateSchema(item, schema.items, `${path}[${i}]`))
    if (value.slice(0, i).some((other) => sameItem(other, item, schema)))
      errors.push(duplicate(`${path}[${i}]`, keysOf(item, schema)))
  })
  return errors
}

/** Items of a map list are the same when their keys are (a missing key counts as itself), of a set when they are equal. */
function sameItem(a: unknown, b: unknown, schema: Schema): boolean {
  const kind = schema['x-kubernetes-list-type']
  if (kind === 'map') return equal(keysOf(a, schema), keysOf(b, schema))
  return (kind === 'set' || schema.uniqueItems === true) && equal(a, b)
}

function keysOf(item: unknown, schema: Schema): unknown {
  if (schema['x-kubernetes-list-type'] !== 'map' || !isObject(item)) return item
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  return Object.fromEntries(keys.filter((key) => item[key] !== undefined).map((key) => [key, item[key]]))
}

function checkObject(value: JsonObject, schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = []
  const inside = (key: string) => (path ? `${path}.${key}` : key)
  for (const key of schema.required ?? []) if (value[key] === undefined) errors.push(required(inside(key)))
  for (const [key, item] of Object.entries(value)) {
    const known = schema.properties?.[key] ?? valuesOf(schema)
    if (known && item !== undefined) errors.push(...validateSchema(item, known, inside(key)))
  }
  const size = Object.keys(value).length
  if (schema.maxProperties !== undefined && size > schema.maxProperties)
    errors.push(tooMany(path, size, schema.maxProperties))
  if (schema.minProperties !== undefined && size < schema.minProperties)
    errors.push(
      invalidValue(path, size, `${path} in body should have at least ${schema.minProperties} properties`),
    )
  return errors
}

function checkCombined(value: unknown, schema: Schema, path: string): FieldError[] {
  const fits = (inner: Schema) => validateSchema(value, inner, path).length === 0
  const errors = (schema.allOf ?? []).flatMap((inner) => validateSchema(value, inner, path))
  if (schema.anyOf && !schema.anyOf.some(fits))
    errors.push(invalidValue(path, value, `${path} in body must validate at least one schema (anyOf)`))
  if (schema.oneOf) {
    const count = schema.oneOf.filter(fits).length
    if (count !== 1)
      errors.push(
        invalidValue(
          path,
          value,
          `${path} in body must validate one and only one schema (oneOf). Found ${count === 0 ? 'none' : count} valid`,
        ),
      )
  }
  if (schema.not && fits(schema.not))
    errors.push(invalidValue(path, value, `${path} in body must not validate the schema (not)`))
  return errors
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/
const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

/** Formats that the API server checks; it ignores all others. int32 and int64 are checked by range. */
const CHECKS: Readonly<Record<string, (text: string) => boolean>> = {
  byte: (text) => BASE64.test(text),
  'date-time': (text) => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  uuid: (text) => UUID.test(text),
  email: (text) => /^[^@\s]+@[^@\s]+$/.test(text),
  ipv4: (text) => /^(\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split('.').every((part) => Number(part) < 256),
  uri: (text) => URL.canParse(text),
}

const hasFormat = (format: string, text: string): boolean => CHECKS[format]?.(text) ?? true

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 63), 2 ** 63 - 1],
}

const rangeOf = (format: string | undefined): readonly [number, number] | undefined =>
  format === undefined ? undefined : RANGES[format]
