import { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

/** Channels of the one port that is forwarded; the first message of each begins with the port, two bytes. */
const DATA = 0
const ERROR = 1
const PORT_BYTES = 2

/**
 * A connection to a pod's port inside a port-forward's WebSocket (subprotocol v4.channel.k8s.io), with the few methods
 * beyond a Duplex that an HTTP agent calls of a socket.
 */
export class Tunnel extends Duplex {
  readonly #socket: WebSocket
  readonly #portsRead = new Set<number>()

  constructor(socket: WebSocket) {
    super({ allowHalfOpen: false })
    this.#socket = socket
    socket.on('message', (data: Buffer) => this.#take(data))
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.push(null))
  }

  #take(message: Buffer): void {
    const channel = message[0]
    if (channel !== DATA && channel !== ERROR) return
    const first = !this.#portsRead.has(channel)
    this.#portsRead.add(channel)
    const bytes = message.subarray(1 + (first ? PORT_BYTES : 0))
    if (bytes.length === 0) return
    if (channel === ERROR) this.destroy(new Error(bytes.toString('utf8').trim()))
    else if (!this.push(bytes)) this.#socket.pause()
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket.send(Buffer.concat([Buffer.of(DATA), chunk]), done)
  }

  override _final(done: () => void): void {
    this.#socket.close()
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.terminate()
    done(error)
  }

  // Of these an agent calls on a kept connection; the WebSocket beneath has its own.
  setKeepAlive(): this {
    return this
  }
  setNoDelay(): this {
    return this
  }
  setTimeout(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
}
