import { isObject } from '../json.ts'
import { type Schema, valuesOf } from './types.ts'

/** Words of CEL, which fields are not called by (Kubernetes "CustomResourceDefinitions", "Validation rules"). */
const RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)

/** A field's name in a rule: `a-b` is `a__dash__b`. */
function escaped(name: string): string {
  if (RESERVED.has(name)) return `__${name}__`
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__')
}

/** A JSON value as rules see it: integers apart from other numbers, date-times as times, fields by names that CEL allows. */
export function celValue(value: unknown, schema: Schema | undefined): unknown {
  if (typeof value === 'number')
    return schema?.type !== 'number' && Number.isInteger(value) ? BigInt(value) : value
  if (typeof value === 'string') {
    const isTime = schema?.format === 'date-time' && !Number.isNaN(Date.parse(value))
    return isTime ? new Date(value) : value
  }
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema?.items))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const property = schema?.properties?.[key]
      return property
        ? [escaped(key), celValue(item, property)]
        : [key, celValue(item, schema && valuesOf(schema))]
    }),
  )
}
