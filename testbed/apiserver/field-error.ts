/** One finding about one field, in the API server's own words (k8s.io/apimachinery, field.Error). */
export interface FieldError {
  reason: string
  field: string
  message: string
}

/** A value as Go's %v and %q show it in these messages. */
function show(value: unknown): string {
  if (value === undefined || value === null) return 'null'
  return JSON.stringify(value)
}

const withDetail = (text: string, detail: string) => (detail ? `${text}: ${detail}` : text)

export const invalidValue = (field: string, value: unknown, detail: string): FieldError => ({
  reason: 'FieldValueInvalid',
  field,
  message: withDetail(`Invalid value: ${show(value)}`, detail),
})

export const typeInvalid = (field: string, value: unknown, detail: string): FieldError => ({
  ...invalidValue(field, value, detail),
  reason: 'FieldValueTypeInvalid',
})

export const required = (field: string, detail = ''): FieldError => ({
  reason: 'FieldValueRequired',
  field,
  message: withDetail('Required value', detail),
})

export const duplicate = (field: string, value: unknown): FieldError => ({
  reason: 'FieldValueDuplicate',
  field,
  message: `Duplicate value: ${show(value)}`,
})

export const unsupported = (field: string, value: unknown, supported: unknown[]): FieldError => ({
  reason: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: ${show(value)}: supported values: ${supported.map((item) => show(typeof item === 'string' ? item : JSON.stringify(item))).join(', ')}`,
})

export const forbiddenField = (field: string, detail: string): FieldError => ({
  reason: 'FieldValueForbidden',
  field,
  message: withDetail('Forbidden', detail),
})

export const tooLong = (field: string, maxLength: number): FieldError => ({
  reason: 'FieldValueTooLong',
  field,
  message: `Too long: may not be more than ${maxLength} bytes`,
})

export const tooMany = (field: string, actual: number, max: number): FieldError => ({
  reason: 'FieldValueTooMany',
  field,
  message: `Too many: ${actual}: must have at most ${max} items`,
})

export const showField = (error: FieldError): string =>
  error.field ? `${error.field}: ${error.message}` : error.message
