import type { ClientEventReason } from '#weir/facts/index.ts'
import { failureCode, failureReason } from '../failure-reason.ts'

/** What the ws package says of an answer to its handshake that is not 101: it has no code. */
const WEB_SOCKET_REFUSED = /^Unexpected server response: (\d+)$/

/** Whose fault an error is that the package emits: of the socket, of a packet that it could not read, or of its keep-alive. */
export function errorReason(error: Error & { code?: unknown }, connecting: boolean): ClientEventReason {
  if (hasWord(error)) return failureReason(error, connecting)
  // The package gives it no code.
  if (error.message === 'Keepalive timeout') return 'keepalive-timeout'
  return WEB_SOCKET_REFUSED.test(error.message) ? 'ws-refused' : 'protocol-error'
}

/** The number that goes with the reason, as for the other engine: a status of HTTP, an alert of TLS; -1 for none. */
export function errorNumber(error: Error): number {
  const [, status] = WEB_SOCKET_REFUSED.exec(error.message) ?? []
  if (status !== undefined) return Number(status)
  // Codes of the package's own errors are reason codes of MQTT that it found, and no broker sent.
  return hasWord(error) ? failureCode(error) : -1
}

function hasWord(error: Error & { code?: unknown }): error is NodeJS.ErrnoException {
  return typeof error.code === 'string'
}
