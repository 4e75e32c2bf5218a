import type { ErrorCode, WeirError } from '#weir/errors/index.ts'
import type { Target } from '../types.ts'
import type { Readings } from './readings.ts'

/** What one look found, in a line. `unknown` is not `ok`: nothing speaks against it, and nothing for it. */
export interface GeneratorLine {
  state: 'ok' | 'warning' | 'missing' | 'unknown'
  /** What was found, or what is missing. */
  says: string
  /** What to do about it. */
  todo?: string
  /** What was thrown, where something was. */
  cause?: WeirError
}

/** The fleet that is to run. */
export interface GeneratorRequest {
  clients: number
  /** Left out, nothing is said of the way to the brokers. */
  targets?: readonly Target[]
  sourceAddresses?: readonly string[]
  processes?: number
}

/** One thing that a fleet needs of this machine. A pure function of what was read: changes nothing. */
export interface GeneratorCheck {
  id: string
  title: string
  /** How a run that is refused for it ends. */
  code: ErrorCode
  look(request: GeneratorRequest, readings: Readings): GeneratorLine[]
}

export const ok = (says: string): GeneratorLine => ({ state: 'ok', says })
export const warning = (says: string, todo: string): GeneratorLine => ({ state: 'warning', says, todo })
export const missing = (says: string, todo: string): GeneratorLine => ({ state: 'missing', says, todo })
export const unknown = (says: string, todo: string): GeneratorLine => ({ state: 'unknown', says, todo })

/** What a run would be refused with, as a line. A WeirError's message is "what is wrong: what to do". */
export function refused(cause: WeirError): GeneratorLine {
  const at = cause.message.lastIndexOf(': ')
  const [says, todo] =
    at < 0 ? [cause.message, ''] : [cause.message.slice(0, at), cause.message.slice(at + 2)]
  return { ...missing(says, todo), cause }
}
