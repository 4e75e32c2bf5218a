import type { ErrorCode, WeirError } from '#weir/errors/index.ts'

/** `unknown` is not `ok`: the check could not decide. */
export type State = 'ok' | 'warning' | 'missing' | 'unknown'

/** What one check found, in a line. */
export interface Line {
  state: State
  /** What was found, or what is missing. */
  says: string
  /** What to do about it. */
  todo?: string
  /** What was thrown, where something was. */
  cause?: WeirError
}

/** A line under the check that found it. */
export interface Found extends Line {
  check: string
  title: string
}

/** What every check has, whatever it examines. */
export interface CheckHead {
  id: string
  title: string
  /** How a run that is refused because of it ends. */
  code: ErrorCode
}

export const ok = (says: string): Line => ({ state: 'ok', says })
export const warning = (says: string, todo: string): Line => ({ state: 'warning', says, todo })
export const missing = (says: string, todo: string): Line => ({ state: 'missing', says, todo })
export const unknown = (says: string, todo: string): Line => ({ state: 'unknown', says, todo })

/** The error that a run would be refused with, as a line. A WeirError's message is "what is wrong: what to do". */
export function refused(cause: WeirError): Line {
  const at = cause.message.lastIndexOf(': ')
  const [says, todo] =
    at < 0 ? [cause.message, ''] : [cause.message.slice(0, at), cause.message.slice(at + 2)]
  return { ...missing(says, todo), cause }
}
