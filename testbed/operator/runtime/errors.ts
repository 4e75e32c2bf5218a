import { isConflict, isNotFound } from '#weir/cluster/kubernetes/api-errors.ts'
import { KubeApiError } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'

/** An error that the operator expects: the next pass comes after one second. All others back off. */
export class CommonError extends Error {
  override readonly name = 'CommonError'
}

/** What ends the process of a real operator: no pass catches it. */
export class Panic extends Error {
  override readonly name = 'Panic'
}

export const nilPointer = () => new Panic('runtime error: invalid memory address or nil pointer dereference')

export const setNotReady = () => new CommonError('Sts not ready')
export const podNotReady = () => new CommonError('Pod not ready')

const CODES = new Set(['ECONNRESET', 'EPIPE'])

export function isCommon(error: unknown): boolean {
  if (error instanceof CommonError) return true
  if (isNotFound(error) || isConflict(error)) return true
  if (!(error instanceof Error) || error instanceof KubeApiError) return false
  const { code } = error as NodeJS.ErrnoException
  if (code !== undefined && CODES.has(code)) return true
  return error.cause !== undefined && isCommon(error.cause)
}

/** The same error with words before its own, as Go's wrapped errors read. */
export function wrap(error: unknown, words: string): Error {
  return new Error(`${words}: ${messageOf(error)}`, { cause: error })
}

/** The result of the work, or its error with words before it. */
export const wrapping = <T>(words: string, work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw wrap(error, words)
  })
