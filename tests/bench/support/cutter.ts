import { connect, createServer, type Server, type Socket } from 'node:net'
import { uniform } from '#weir/bench/random/uniform.ts'
import type { Target } from '#weir/bench/types.ts'

/** A way to a broker that cuts connections, wherever in the conversation they are. */
export class Cutter {
  readonly target: Target
  readonly #server: Server
  readonly #open: Set<Socket>
  cuts = 0

  private constructor(server: Server, open: Set<Socket>) {
    this.#server = server
    this.#open = open
    this.target = { host: '127.0.0.1', port: (server.address() as { port: number }).port }
  }

  static async before({ host, port }: Target): Promise<Cutter> {
    const open = new Set<Socket>()
    const server = createServer((client) => {
      const broker = connect({ host, port })
      open.add(client)
      client.pipe(broker)
      broker.pipe(client)
      for (const [socket, other] of [
        [client, broker],
        [broker, client],
      ] as const) {
        socket.on('error', () => undefined)
        socket.on('close', () => {
          open.delete(client)
          other.destroy()
        })
      }
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new Cutter(server, open)
  }

  /** Cuts one of the connections; which, the seed says. */
  cut(seed: number): void {
    const all = [...this.#open]
    if (all.length === 0) return
    all[Math.floor(uniform(seed, 0, this.cuts) * all.length)]!.resetAndDestroy()
    this.cuts++
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
