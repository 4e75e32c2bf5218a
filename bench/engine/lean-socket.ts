import { Socket } from 'node:net'
import type { Client } from './client.ts'

/** What a socket tells its owner. All of it may arrive late, for a client that has long moved on: then `client` is null. */
export interface SocketOwner {
  onConnect(client: Client): void
  onBytes(client: Client, bytes: Buffer, length: number): void
  onFin(client: Client): void
  onError(client: Client, error: NodeJS.ErrnoException): void
  onSocketGone(): void
}

/** One for all sockets of a thread: libuv reads into it and hands it over before it reads again. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024)

/**
 * A TCP socket that knows its client. All sockets share the same functions as listeners and the same buffer, and none has
 * a closure or a readable stream's buffers: that is most of what a connection costs.
 */
export class LeanSocket extends Socket {
  client: Client | null
  readonly owner: SocketOwner

  constructor(client: Client, owner: SocketOwner) {
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

function onRead(this: LeanSocket, length: number, bytes: Uint8Array): boolean {
  if (this.client) this.owner.onBytes(this.client, bytes as Buffer, length)
  return true
}

function onConnect(this: LeanSocket): void {
  if (this.client) this.owner.onConnect(this.client)
}

function onEnd(this: LeanSocket): void {
  if (this.client) this.owner.onFin(this.client)
}

function onError(this: LeanSocket, error: NodeJS.ErrnoException): void {
  if (this.client) this.owner.onError(this.client, error)
}

function onClose(this: LeanSocket): void {
  // A close without an end or an error before it: treat it as the end it is.
  if (this.client) this.owner.onFin(this.client)
  this.owner.onSocketGone()
}
