import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { replyError } from './reply.ts'

/** An upgrade that is refused is answered in plain HTTP, and the connection ends. */
export function refuseUpgrade(request: IncomingMessage, socket: Duplex, error: unknown): void {
  const response = new ServerResponse(request)
  response.assignSocket(socket as never)
  response.shouldKeepAlive = false
  response.on('finish', () => socket.end())
  socket.on('error', () => socket.destroy())
  replyError(response, error)
}
