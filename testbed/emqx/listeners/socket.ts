import type { Socket } from 'node:net'
import { Connection, type ServingNode } from '../mqtt/connection.ts'
import { handleFrame } from '../mqtt/handle.ts'
import type { ListenerKind } from './wire.ts'

const OWNER = Symbol('connection')
type OwnedSocket = Socket & { [OWNER]?: Connection }

/** MQTT over a TCP or TLS socket. The listeners are shared functions: an idle client costs no closure. */
export function acceptSocket(socket: Socket, node: ServingNode, listener: ListenerKind): void {
  const owned: OwnedSocket = socket
  owned[OWNER] = new Connection(socket, node, listener, handleFrame)
  socket.on('data', onData)
  socket.on('error', onError)
  socket.on('close', onClose)
}

function onData(this: Socket, chunk: Buffer): void {
  ;(this as OwnedSocket)[OWNER]?.received(chunk)
}

/** A reset, or a TLS handshake that failed: 'close' follows and does the work. */
function onError(this: Socket): void {}

function onClose(this: Socket): void {
  ;(this as OwnedSocket)[OWNER]?.closed()
}
