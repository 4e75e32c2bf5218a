import { CATALOGUE, type ErrorCode } from './catalogue.ts'

/**
 * An error that a user sees as one line: what is wrong, where, what to do. The cause stays underneath and is shown
 * with --debug only.
 */
export class WeirError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'WeirError'
    this.code = code
  }

  get exitCode(): number {
    return CATALOGUE[this.code].exit
  }
}

/** What the user wrote makes no sense: the message says what is wrong and what to write instead. */
export function usageError(message: string, cause?: unknown): WeirError {
  return new WeirError('WEIR_USAGE', message, cause === undefined ? undefined : { cause })
}
