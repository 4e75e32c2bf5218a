import type { Reason } from '../events/words.ts'

/** Whose fault an error of the socket is: ours (descriptors, addresses), the network's or the broker's. */
const REASON_OF: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: 'connection-refused',
  EMFILE: 'too-many-files',
  ENFILE: 'too-many-files',
  // The kernel found no free port: it says EADDRNOTAVAIL, or EADDRINUSE when the source address was named.
  EADDRNOTAVAIL: 'address-unavailable',
  EADDRINUSE: 'address-unavailable',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
}

/** What is not in the list (EHOSTUNREACH, ENETUNREACH, ENETDOWN, …) is the network's. */
export function failureReason(error: NodeJS.ErrnoException, connecting: boolean): Reason {
  // On a standing connection it means that nobody acknowledged what we sent.
  if (error.code === 'ETIMEDOUT') return connecting ? 'connect-timeout' : 'unreachable'
  return REASON_OF[error.code ?? ''] ?? 'unreachable'
}
