import { createServer, type Server, type Socket } from 'node:net'
import { keyOf } from '#weir/cluster/kubernetes/kinds.ts'
import { WeirError } from '#weir/errors/index.ts'
import type { NodeDirectory } from '../types.ts'
import type { Backend } from './backends.ts'
import type { Frontend } from './frontends.ts'

/** Large enough for a reconnect storm; the kernel cuts it to net.core.somaxconn. */
const BACKLOG = 4096
const RETRY_MS = 1000

/**
 * The listener of one frontend. It listens only while there is somewhere to go, so a Service without endpoints refuses
 * connections as kube-proxy makes it do. Connections that were handed over are the nodes' and stay when it closes.
 */
export class ProxyListener {
  readonly frontend: Frontend
  readonly #directory: NodeDirectory
  readonly #random: () => number
  readonly #onError: (error: WeirError) => void
  #backends: Backend[] = []
  #server: Server | undefined
  #retry: NodeJS.Timeout | undefined

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
    this.#backends = backends
    if (backends.length === 0) this.close()
    else if (this.#server === undefined) this.#open()
  }

  close(): void {
    clearTimeout(this.#retry)
    this.#server?.close()
    this.#server = undefined
  }

  #open(): void {
    const { host, port } = this.frontend
    const server = createServer({ noDelay: true }, (socket) => this.#handOver(socket))
    this.#server = server
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#server !== server) return
      this.#onError(failure(this.frontend, error))
      this.#retry = setTimeout(() => {
        if (this.#server === server) this.#open()
      }, RETRY_MS)
      this.#retry.unref()
    })
    server.listen({ host, port, backlog: BACKLOG })
  }

  /** Chooses an endpoint at random. If its node is gone, the connection is reset, as with a dead address. */
  #handOver(socket: Socket): void {
    const backend = this.#backends[Math.floor(this.#random() * this.#backends.length)]
    const node = backend === undefined ? undefined : this.#directory.find(backend.ip)
    if (backend === undefined || node === undefined) {
      socket.on('error', () => {})
      socket.resetAndDestroy()
      return
    }
    node.accept(socket, backend.port)
  }
}

function failure({ host, port, service }: Frontend, error: NodeJS.ErrnoException): WeirError {
  if (error.code === 'EADDRINUSE')
    return new WeirError(
      'WEIR_ADDRESS_IN_USE',
      `${host}:${port} is taken, the Service ${keyOf(service)} needs it: end the program that listens there`,
      { cause: error },
    )
  return new WeirError(
    'WEIR_TESTBED',
    `the Service ${keyOf(service)} cannot be served on ${host}:${port}: ${error.message}`,
    { cause: error },
  )
}
