import type { ClientEventReason } from '#weir/facts/index.ts'
import { tlsAlert, tlsReason } from '../transport/tls-errors.ts'
import { WebSocketRefused } from '../transport/websocket/errors.ts'

/** Whose fault an error of the socket is: ours (descriptors, addresses), the network's or the broker's. */
const REASON_OF: Readonly<Record<string, ClientEventReason>> = {
  ECONNREFUSED: 'connection-refused',
  EMFILE: 'too-many-files',
  ENFILE: 'too-many-files',
  // The kernel found no free port: it says EADDRNOTAVAIL, or EADDRINUSE when the source address was named.
  EADDRNOTAVAIL: 'address-unavailable',
  EADDRINUSE: 'address-unavailable',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  ERR_WS_REFUSED: 'ws-refused',
  ERR_WS_PROTOCOL: 'protocol-error',
}

/** What is not in the list (EHOSTUNREACH, ENETUNREACH, ENETDOWN, …) is the network's. */
export function failureReason(error: NodeJS.ErrnoException, connecting: boolean): ClientEventReason {
  // On an open connection it means that what was sent was not acknowledged.
  if (error.code === 'ETIMEDOUT') return connecting ? 'connect-timeout' : 'unreachable'
  const code = error.code ?? ''
  return REASON_OF[code] ?? tlsReason(code) ?? 'unreachable'
}

/** The number that goes with the reason: the HTTP status of a refused WebSocket, the alert of a refused TLS handshake; -1 for none. */
export function failureCode(error: NodeJS.ErrnoException): number {
  return error instanceof WebSocketRefused ? error.status : tlsAlert(error.code ?? '')
}
