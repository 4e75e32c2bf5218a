import type { Reason } from '../../events/words.ts'
import { failureReason } from '../failure-reason.ts'

/** Whose fault an error is that the package emits: of the socket, of a packet that it could not read, or of its keep-alive. */
export function errorReason(error: Error & { code?: unknown }, connecting: boolean): Reason {
  if (typeof error.code === 'string') return failureReason(error as NodeJS.ErrnoException, connecting)
  // The package gives it no code.
  if (error.message === 'Keepalive timeout') return 'keepalive-timeout'
  return 'protocol-error'
}
