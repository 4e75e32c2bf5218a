import type { Socket } from 'node:net'
import type { ConnectionOwner } from './connection.ts'

/** One for all sockets of a thread: Node reads into it and hands it over before it reads again. */
const buffer = Buffer.allocUnsafeSlow(64 * 1024)

/** Lets a socket read into the one buffer of its thread. */
export const onread = { buffer, callback: onRead }

/** A socket that knows its client and whom to tell. */
export interface OwnedSocket extends Socket {
  client: unknown
  owner: ConnectionOwner<unknown>
}

/**
 * Makes a socket report to its owner; `connected` is the event of an open one. All sockets share the listeners: closures
 * would be most of a connection's cost.
 */
export function tellOwner(socket: OwnedSocket, connected: 'connect' | 'secureConnect'): void {
  // A lone PUBACK behind an unacknowledged one would otherwise wait for the peer's delayed ACK (Nagle).
  socket.setNoDelay(true)
  socket.on('connect', onTcp)
  socket.on(connected, onConnect)
  socket.on('end', onEnd)
  socket.on('error', onError)
  socket.on('close', onClose)
}

/** Makes a socket that cannot read into the one buffer report its bytes all the same. */
export function tellBytes(socket: OwnedSocket): void {
  socket.on('data', onData)
}

function onData(this: OwnedSocket, bytes: Buffer): void {
  if (this.client !== null) this.owner.onBytes(this.client, bytes, bytes.length)
}

function onRead(this: OwnedSocket, length: number, bytes: Uint8Array): boolean {
  if (this.client !== null) this.owner.onBytes(this.client, bytes as Buffer, length)
  return true
}

function onTcp(this: OwnedSocket): void {
  if (this.client !== null) this.owner.onTcp?.(this.client)
}

function onConnect(this: OwnedSocket): void {
  if (this.client !== null) this.owner.onConnect(this.client)
}

function onEnd(this: OwnedSocket): void {
  if (this.client !== null) this.owner.onFin(this.client)
}

function onError(this: OwnedSocket, error: NodeJS.ErrnoException): void {
  if (this.client !== null) this.owner.onError(this.client, error)
}

function onClose(this: OwnedSocket): void {
  // A close without an end or an error before it: treat it as the end it is.
  if (this.client !== null) this.owner.onFin(this.client)
  this.owner.onSocketGone()
}
