import type { WeirError } from '#weir/errors/index.ts'
import { type GeneratorLine, missing } from './check.ts'

/** What a run would be refused with, as a line. A WeirError's message is "what is wrong: what to do". */
export function refused(cause: WeirError): GeneratorLine {
  const at = cause.message.lastIndexOf(': ')
  const [says, todo] =
    at < 0 ? [cause.message, ''] : [cause.message.slice(0, at), cause.message.slice(at + 2)]
  return { ...missing(says, todo), cause }
}
