/**
 * A request to EMQX's HTTP API without a usable answer. `status` is the HTTP status, if there was one: EMQX 4.4
 * reports its errors with HTTP 200 and a `code` other than 0 (docs/contract/emqx.md#api-errors).
 */
export class EmqxApiError extends Error {
  readonly status: number | undefined
  /** What went wrong, and what the user can do where that is known; the message has both. */
  readonly why: string
  readonly todo: string | undefined

  constructor(
    why: string,
    status?: number,
    { cause, todo }: { cause?: unknown; todo?: string | undefined } = {},
  ) {
    super(todo === undefined ? why : `${why}: ${todo}`, { cause })
    this.name = 'EmqxApiError'
    this.status = status
    this.why = why
    this.todo = todo
  }
}
