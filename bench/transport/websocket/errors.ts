/** The server did not open a WebSocket: `status` is its HTTP status, or -1 where it spoke no HTTP. */
export class WebSocketRefused extends Error {
  readonly code = 'ERR_WS_REFUSED'
  readonly status: number

  constructor(status: number, message: string) {
    super(`WebSocket: ${message}`)
    this.status = status
  }
}

/** The server broke the WebSocket protocol after the handshake (RFC 6455). */
export class WebSocketBroken extends Error {
  readonly code = 'ERR_WS_PROTOCOL'

  constructor(message: string) {
    super(`WebSocket: ${message}`)
  }
}
