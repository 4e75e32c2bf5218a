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

const found = (what: string, field: string, message: string): FieldError => ({
  reason: `FieldValue${what}`,
  field,
  message,
})

export const invalidValue = (field: string, value: unknown, detail: string) =>
  found('Invalid', field, withDetail(`Invalid value: ${show(value)}`, detail))

export const typeInvalid = (field: string, value: unknown, detail: string) =>
  found('TypeInvalid', field, withDetail(`Invalid value: ${show(value)}`, detail))

export const required = (field: string, detail = '') =>
  found('Required', field, withDetail('Required value', detail))

export const duplicate = (field: string, value: unknown) =>
  found('Duplicate', field, `Duplicate value: ${show(value)}`)

export const unsupported = (field: string, value: unknown, supported: unknown[]) => {
  const values = supported.map((item) => show(typeof item === 'string' ? item : JSON.stringify(item)))
  const message = `Unsupported value: ${show(value)}: supported values: ${values.join(', ')}`
  return found('NotSupported', field, message)
}

export const forbiddenField = (field: string, detail: string) =>
  found('Forbidden', field, withDetail('Forbidden', detail))

export const tooLong = (field: string, maxLength: number) =>
  found('TooLong', field, `Too long: may not be more than ${maxLength} bytes`)

export const tooMany = (field: string, actual: number, max: number) =>
  found('TooMany', field, `Too many: ${actual}: must have at most ${max} items`)

export const showField = (error: FieldError): string =>
  error.field ? `${error.field}: ${error.message}` : error.message
