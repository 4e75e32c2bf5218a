import { CATALOGUE, type ErrorCode } from './catalogue.ts'

/**
 * An error that a user sees as one line: what is wrong, where, what to do. Only --debug shows the cause.
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

/** Several errors that were found together, at least one; the message is that of the first and says how many more there are. */
export class WeirErrors extends WeirError {
  readonly errors: readonly WeirError[]

  constructor(errors: readonly WeirError[]) {
    const [first, ...others] = errors as [WeirError, ...WeirError[]]
    super(first.code, others.length > 0 ? `${first.message} (and ${others.length} more)` : first.message)
    this.errors = errors
  }
}

/** A wrong command line: the message says what is wrong and what to write instead. */
export function usageError(message: string, cause?: unknown): WeirError {
  return new WeirError('WEIR_USAGE', message, cause === undefined ? undefined : { cause })
}

/** The message of whatever was thrown, on one line. */
export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, ' ')
