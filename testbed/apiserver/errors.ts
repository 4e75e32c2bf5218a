import { type FieldError, showField } from './field-error.ts'

/** A kind as messages name it: core kinds have no group. */
export interface Named {
  group: string
  plural: string
  kind: string
}

export interface StatusObject {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: Record<string, never>
  status: 'Success' | 'Failure'
  message?: string
  reason?: string
  details?: Record<string, unknown>
  code?: number
}

/** An answer that is not a success; `status` is what goes over the wire. */
export class ApiError extends Error {
  readonly status: StatusObject
  readonly code: number

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: Record<string, unknown>,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.code = code
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason && { reason }),
      ...(details && { details }),
      code,
    }
  }
}

const resource = (named: Named) => (named.group ? `${named.plural}.${named.group}` : named.plural)
const details = (named: Named, name: string) => ({
  name,
  ...(named.group && { group: named.group }),
  kind: named.plural,
})

export const notFound = (named: Named, name: string) =>
  new ApiError(404, 'NotFound', `${resource(named)} "${name}" not found`, details(named, name))

export const alreadyExists = (named: Named, name: string) =>
  new ApiError(409, 'AlreadyExists', `${resource(named)} "${name}" already exists`, details(named, name))

export const conflict = (named: Named, name: string, why: string) =>
  new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resource(named)} "${name}": ${why}`,
    details(named, name),
  )

export const STALE =
  'the object has been modified; please apply your changes to the latest version and try again'

export const badRequest = (message: string) => new ApiError(400, 'BadRequest', message)

export const forbidden = (named: Named, name: string, why: string) =>
  new ApiError(403, 'Forbidden', `${resource(named)} "${name}" is forbidden: ${why}`, details(named, name))

export function invalid(named: Named, name: string, errors: FieldError[]): ApiError {
  const kind = named.group ? `${named.kind}.${named.group}` : named.kind
  const shown = [...new Set(errors.map(showField))]
  const list = shown.length === 1 ? shown[0] : `[${shown.join(', ')}]`
  return new ApiError(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, {
    ...(name && { name }),
    ...(named.group && { group: named.group }),
    ...(named.kind && { kind: named.kind }),
    causes: errors.map((error) => ({ reason: error.reason, message: error.message, field: error.field })),
  })
}

export const methodNotAllowed = () =>
  new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})

export const unsupportedMediaType = (accepted: string[]) =>
  new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
    {},
  )

export const notAcceptable = (offered: string[]) =>
  new ApiError(406, 'NotAcceptable', `only the following media types are accepted: ${offered.join(', ')}`, {})

export const expired = (wanted: number, oldest: number) =>
  new ApiError(410, 'Expired', `too old resource version: ${wanted} (${oldest})`)

export const unknownPath = () =>
  new ApiError(404, 'NotFound', 'the server could not find the requested resource', {})

export const unauthorized = () => new ApiError(401, 'Unauthorized', 'Unauthorized')

/** An error that has no status of its own: its words and no reason. */
export const unexplained = (message: string) => new ApiError(500, '', message)

export const internal = (message: string) =>
  new ApiError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] })
