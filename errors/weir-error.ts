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

/** A wrong command line: the message says what is wrong and what to write instead. */
export function usageError(message: string, cause?: unknown): WeirError {
  return new WeirError('WEIR_USAGE', message, cause === undefined ? undefined : { cause })
}

/** The message of whatever was thrown, on one line. */
export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, ' ')
