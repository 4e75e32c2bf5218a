import { createServer, type Server, type Socket } from 'node:net'
import { keyOf } from '#weir/cluster/kubernetes/kinds.ts'
import type { WeirError } from '#weir/errors/index.ts'
import { listenError } from '../runtime/listen.ts'
import type { NodeDirectory } from '../types.ts'
import type { Backend, Frontend } from './backends.ts'

/** Large enough for a reconnect storm; the kernel cuts it to net.core.somaxconn. */
const BACKLOG = 4096
const RETRY_MS = 1000

const ignore = () => {}

/**
 * The listener of one frontend. It listens only while there is somewhere to go, so a Service without endpoints refuses
 * connections as kube-proxy makes it do. One that is to drop takes connections and does not answer, and hands them over once there is
 * somewhere to go, as if the client had sent its packets again. Connections that were handed over are the nodes' and stay when it closes.
 */
export class ProxyListener {
  readonly frontend: Frontend
  readonly #directory: NodeDirectory
  readonly #random: () => number
  readonly #onError: (error: WeirError) => void
  #backends: Backend[] = []
  #server: Server | undefined
  #retry: NodeJS.Timeout | undefined
  #drops = false
  readonly #unanswered = new Set<Socket>()

  constructor(
    frontend: Frontend,
    directory: NodeDirectory,
    random: () => number,
    onError: (error: WeirError) => void,
  ) {
    this.frontend = frontend
    this.#directory = directory
    this.#random = random
    this.#onError = onError
  }

  serve(backends: Backend[]): void {
    this.#drops = false
    this.#backends = backends
    if (backends.length === 0) this.close()
    else if (this.#server === undefined) this.#open()
    for (const socket of this.#unanswered) {
      socket.off('error', ignore)
      this.#handOver(socket)
    }
    this.#unanswered.clear()
  }

  drop(): void {
    this.#drops = true
    if (this.#server === undefined) this.#open()
  }

  close(): void {
    clearTimeout(this.#retry)
    for (const socket of this.#unanswered) socket.destroy()
    this.#unanswered.clear()
    this.#server?.close()
    this.#server = undefined
  }

  #open(): void {
    const { host, port, service } = this.frontend
    const server = createServer({ noDelay: true }, (socket) =>
      this.#drops ? this.#leave(socket) : this.#handOver(socket),
    )
    this.#server = server
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#server !== server) return
      this.#onError(listenError(error, host, port, `the Service ${keyOf(service)}`))
      this.#retry = setTimeout(() => {
        if (this.#server === server) this.#open()
      }, RETRY_MS)
      this.#retry.unref()
    })
    server.listen({ host, port, backlog: BACKLOG })
  }

  #leave(socket: Socket): void {
    socket.on('error', ignore)
    socket.once('close', () => this.#unanswered.delete(socket))
    this.#unanswered.add(socket)
  }

  /** Chooses an endpoint at random. If its node is gone, the connection is reset, as with a dead address. */
  #handOver(socket: Socket): void {
    const backend = this.#backends[Math.floor(this.#random() * this.#backends.length)]
    const node = backend === undefined ? undefined : this.#directory.find(backend.ip)
    if (backend === undefined || node === undefined) {
      socket.on('error', ignore)
      socket.resetAndDestroy()
      return
    }
    node.accept(socket, backend.port)
  }
}
