import type { Socket } from 'node:net'
import type { ServingNode } from '../mqtt/connection.ts'
import { acceptSocket } from './socket.ts'
import type { WebSocketDoor } from './web-socket.ts'
import type { ListenerKind } from './wire.ts'
/**
 * The listeners of one node that carry MQTT in something else: TLS, WebSockets, or both. What they need is loaded and made
 * for the first client that comes to one: most testbeds never see any.
 */
export class CarriedListeners {
  readonly #node: ServingNode
  #door: WebSocketDoor | undefined
  #closed = false

  constructor(node: ServingNode) {
    this.#node = node
  }

  async accept(socket: Socket, kind: Exclude<ListenerKind, 'tcp'>): Promise<void> {
    // A reset while the code is being loaded is nobody's error.
    socket.on('error', () => {})
    const carried = kind === 'ws' ? socket : (await import('./secure.ts')).secured(socket)
    if (kind === 'ssl') {
      if (this.#closed) carried.destroy()
      else acceptSocket(carried, this.#node, kind)
      return
    }
    const { WebSocketDoor } = await import('./web-socket.ts')
    if (this.#closed) {
      carried.destroy()
      return
    }
    this.#door ??= new WebSocketDoor(this.#node)
    this.#door.accept(carried, kind)
  }

  /** Nobody who is still on the way in gets in; clients that are in are the node's. */
  close(): void {
    this.#closed = true
    this.#door?.close()
  }
}
