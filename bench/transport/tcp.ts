import { Socket } from 'node:net'
import type { Connection, ConnectionOwner, Route } from './connection.ts'

/** One for all sockets of a thread: libuv reads into it and hands it over before it reads again. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024)

/**
 * A TCP socket that knows its client. All sockets share the same functions as listeners and the same buffer, and none has
 * a closure or a readable stream's buffers: that is most of what a connection costs.
 */
export class TcpConnection<C> extends Socket implements Connection<C> {
  client: C | null
  readonly owner: ConnectionOwner<C>

  constructor(client: C, owner: ConnectionOwner<C>) {
    // Half-open, so that Node neither answers a FIN with a shutdown(2) nor closes by itself: the owner closes.
    super({ allowHalfOpen: true, onread: { buffer: readBuffer, callback: onRead } })
    this.client = client
    this.owner = owner
    // A lone PUBACK behind an unacknowledged one would otherwise wait for the peer's delayed ACK (Nagle).
    this.setNoDelay(true)
    this.on('connect', onConnect)
    this.on('end', onEnd)
    this.on('error', onError)
    this.on('close', onClose)
  }
}

/** Plain TCP. */
export function dialTcp<C>(client: C, owner: ConnectionOwner<C>, route: Route): Connection<C> {
  const socket = new TcpConnection(client, owner)
  const { address, port, localAddress } = route
  socket.connect(localAddress === undefined ? { host: address, port } : { host: address, port, localAddress })
  return socket
}

function onRead(this: TcpConnection<unknown>, length: number, bytes: Uint8Array): boolean {
  if (this.client !== null) this.owner.onBytes(this.client, bytes as Buffer, length)
  return true
}

function onConnect(this: TcpConnection<unknown>): void {
  if (this.client !== null) this.owner.onConnect(this.client)
}

function onEnd(this: TcpConnection<unknown>): void {
  if (this.client !== null) this.owner.onFin(this.client)
}

function onError(this: TcpConnection<unknown>, error: NodeJS.ErrnoException): void {
  if (this.client !== null) this.owner.onError(this.client, error)
}

function onClose(this: TcpConnection<unknown>): void {
  // A close without an end or an error before it: treat it as the end it is.
  if (this.client !== null) this.owner.onFin(this.client)
  this.owner.onSocketGone()
}
