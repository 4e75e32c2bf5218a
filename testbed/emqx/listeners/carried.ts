import type { Socket } from 'node:net'
import type { ServingNode } from '../mqtt/connection.ts'
import { acceptSocket } from './socket.ts'
import type { WebSocketListener } from './web-socket.ts'
import type { ListenerKind } from './wire.ts'

/**
 * The listeners of one node that carry MQTT in something else: TLS, WebSockets, or both. What they need is loaded and made
 * for the first client that comes to one: most testbeds never see any.
 */
export class CarriedListeners {
  readonly #node: ServingNode
  #webSockets: WebSocketListener | undefined
  #closed = false

  constructor(node: ServingNode) {
    this.#node = node
  }

  async accept(socket: Socket, kind: Exclude<ListenerKind, 'tcp'>): Promise<void> {
    // The socket may be reset while the code is being loaded.
    socket.on('error', () => {})
    const carried = kind === 'ws' ? socket : (await import('./secure.ts')).secured(socket)
    if (kind === 'ssl') {
      if (this.#closed) carried.destroy()
      else acceptSocket(carried, this.#node, kind)
      return
    }
    const { WebSocketListener } = await import('./web-socket.ts')
    if (this.#closed) {
      carried.destroy()
      return
    }
    this.#webSockets ??= new WebSocketListener(this.#node)
    this.#webSockets.accept(carried, kind)
  }

  /** Closes sockets that are not connections of the node yet. */
  close(): void {
    this.#closed = true
    this.#webSockets?.close()
  }
}
