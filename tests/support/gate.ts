import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A way to a server on this machine that can be shut and opened again, as the server's own end and start. */
export class Gate {
  readonly port: number
  readonly #to: { host: string; port: number }
  readonly #open = new Set<Socket>()
  #server: Server

  private constructor(server: Server, to: { host: string; port: number }) {
    this.#server = server
    this.#to = to
    this.port = (server.address() as AddressInfo).port
    server.on('connection', (socket) => this.#join(socket))
  }

  static async before(url: string): Promise<Gate> {
    const { hostname, port } = new URL(url)
    return new Gate(await listening(0), { host: hostname, port: Number(port) })
  }

  /** Ends every connection and refuses new ones. */
  shut(): void {
    this.#server.close()
    for (const socket of this.#open) socket.destroy()
  }

  async reopen(): Promise<void> {
    this.#server = await listening(this.port)
    this.#server.on('connection', (socket) => this.#join(socket))
  }

  #join(near: Socket): void {
    const far = connect(this.#to)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#open.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        this.#open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  }
}

async function listening(port: number): Promise<Server> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}
