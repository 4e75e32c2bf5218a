/**
 * A request to EMQX's HTTP API without a usable answer. `status` is the HTTP status, if there was one: EMQX 4.4
 * reports its errors with HTTP 200 and a `code` other than 0 (docs/contract/emqx.md#api-errors).
 */
export class EmqxApiError extends Error {
  readonly status: number | undefined

  constructor(message: string, status?: number, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'EmqxApiError'
    this.status = status
  }
}
