import { type Answer, bare } from '../answer.ts'

/** An error of 5.x: HTTP status and a code in words (docs/contract/emqx.md#api-errors). */
export const refused = (status: number, code: string, message: string): Answer =>
  bare({ code, message }, status)

export const notFound = (message: string): Answer => refused(404, 'NOT_FOUND', message)
export const badRequest = (message: string): Answer => refused(400, 'BAD_REQUEST', message)

/** What stands in the message of a request that does not fit the schema: the error term, as JSON. */
export function schemaError(value: unknown, reason: unknown, path: string): string {
  return JSON.stringify({ value, reason, path, kind: 'validation_error' })
}
