import type { ErrorCode, WeirError } from '#weir/errors/index.ts'

/** `unknown` is not `ok`: the check could not decide. */
export type State = 'ok' | 'warning' | 'missing' | 'unknown'

/** One finding of a check. */
export interface Line {
  state: State
  /** What was found, or what is missing. */
  says: string
  /** What to do about it. */
  todo?: string
  /** The error, if one was thrown. */
  cause?: WeirError
}

export interface Found extends Line {
  check: string
  title: string
}

export interface CheckHead {
  id: string
  title: string
  /** The error code of a run that is refused because of it. */
  code: ErrorCode
}

export const ok = (says: string): Line => ({ state: 'ok', says })
export const warning = (says: string, todo: string): Line => ({ state: 'warning', says, todo })
export const missing = (says: string, todo: string): Line => ({ state: 'missing', says, todo })
export const unknown = (says: string, todo: string): Line => ({ state: 'unknown', says, todo })

/** An error as a finding. A WeirError's message is "what is wrong: what to do". */
export function refused(cause: WeirError): Line {
  const at = cause.message.lastIndexOf(': ')
  const [says, todo] =
    at < 0 ? [cause.message, ''] : [cause.message.slice(0, at), cause.message.slice(at + 2)]
  return { ...missing(says, todo), cause }
}
