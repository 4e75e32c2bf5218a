import type { Server as HttpServer } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { listen } from '../runtime/listen.ts'
import { type Credential, isHttp } from './http/management-api.ts'
import { createApiServer } from './http/server.ts'
import { CarriedListeners } from './listeners/carried.ts'
import { acceptSocket } from './listeners/socket.ts'
import type { ListenerKind } from './listeners/wire.ts'
import { servingLines } from './log/lines.ts'
import type { NodeCore } from './node-core.ts'
import { dropWill } from './session/lifecycle.ts'
import { unsubscribeAll } from './session/subscriptions.ts'

/** Connections closed in one stretch at a stop. */
const STRETCH = 200

/** One emulated EMQX node with its listeners. */
export class EmqxNode {
  readonly core: NodeCore
  readonly ip: string
  readonly podName: string
  readonly #terminateMs: number
  readonly #mqtt = new Map<number, { kind: ListenerKind; server: Server }>()
  readonly #carried: CarriedListeners
  readonly #http = new Map<number, HttpServer>()
  /** Sockets of clients; while the node is cut off from them, no byte passes. */
  readonly #sockets = new Set<Socket>()
  #isCut = false
  #stopping: Promise<void> | undefined
  #gone = false

  constructor(
    core: NodeCore,
    options: { ip: string; podName: string; terminateMs: number; credentials: readonly Credential[] },
  ) {
    this.core = core
    this.ip = options.ip
    this.podName = options.podName
    this.#terminateMs = options.terminateMs
    const { credentials } = options
    this.#carried = new CarriedListeners(core)
    for (const listener of core.listeners) {
      const { port } = listener
      if (isHttp(listener)) this.#http.set(port, createApiServer({ node: core, listener, credentials }))
      else {
        const server = createServer({ noDelay: true }, (socket) => this.accept(socket, port))
        this.#mqtt.set(port, { kind: listener.serves, server })
      }
    }
  }

  get name(): string {
    return this.core.name
  }

  /** Serves clients: not terminated. */
  get open(): boolean {
    return this.#stopping === undefined && !this.#gone
  }

  /** Opens all listeners and joins the cluster. Throws WEIR_ADDRESS_IN_USE. */
  async start(): Promise<void> {
    try {
      await Promise.all([
        ...[...this.#mqtt].map(([port, { server }]) =>
          listen(server, this.ip, port, 'an emulated EMQX node'),
        ),
        ...[...this.#http].map(([port, server]) => listen(server, this.ip, port, 'an emulated EMQX node')),
      ])
    } catch (error) {
      this.#closeListeners()
      throw error
    }
    this.core.run()
    if (this.core.version.api === 'v5')
      for (const line of servingLines(this.core.version.version, this.ip, this.core.listeners))
        this.core.log.say(line)
  }

  /** Serves a socket that was accepted elsewhere; `port` is the one that the client connected to. */
  accept(socket: Socket, port: number): void {
    const http = this.#http.get(port)
    const kind = this.#mqtt.get(port)?.kind
    if (http !== undefined && !this.#gone) http.emit('connection', socket)
    else if (!this.open) socket.resetAndDestroy()
    else if (kind === undefined) socket.destroy()
    else this.#serve(socket, kind)
  }

  #serve(socket: Socket, kind: ListenerKind): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    if (kind === 'tcp') acceptSocket(socket, this.core, kind)
    else void this.#carried.accept(socket, kind)
    if (this.#isCut) hold(socket)
  }

  /** For so long nothing passes between the node and its clients, in either direction. Then what was sent meanwhile arrives. */
  cut(ms: number): void {
    this.#isCut = true
    for (const socket of this.#sockets) hold(socket)
    this.core.clock.after(ms, () => {
      this.#isCut = false
      for (const socket of this.#sockets) release(socket)
    })
  }

  /**
   * SIGTERM, as measured: MQTT listeners and clients are closed at once with FIN and no DISCONNECT, sessions in memory
   * are gone, peers know at once; the process, and its HTTP API, end `terminateMs` later.
   */
  terminate(): Promise<void> {
    this.#stopping ??= new Promise((resolve) => {
      for (const { server } of this.#mqtt.values()) server.close()
      this.#dropEverything(false)
      this.core.halt()
      this.core.clock.after(this.#terminateMs, () => {
        this.kill()
        resolve()
      })
    })
    return this.#stopping
  }

  /** SIGKILL: everything is gone now. */
  kill(): void {
    if (this.#gone) return
    this.#gone = true
    this.#dropEverything(true)
    this.core.halt()
    this.#closeListeners()
  }

  #closeListeners(): void {
    for (const { server } of this.#mqtt.values()) server.close()
    for (const server of this.#http.values()) {
      server.close()
      server.closeAllConnections()
    }
  }

  /** Sessions end without a will; sockets close with FIN, in short stretches, or at once. */
  #dropEverything(atOnce: boolean): void {
    const { core } = this
    this.#carried.close()
    for (const channel of core.channels.values()) {
      dropWill(channel)
      unsubscribeAll(core, channel.session)
      if (core.group.registry.get(channel.clientId) === channel) core.group.registry.delete(channel.clientId)
    }
    core.channels.clear()
    core.live.clear()
    const waiting = [...core.connections]
    for (const connection of waiting) {
      connection.channel = undefined
      connection.stopReading()
    }
    const stretch = (): void => {
      for (const connection of waiting.splice(0, atOnce ? waiting.length : STRETCH)) {
        if (atOnce) connection.destroy()
        else connection.finish()
      }
      if (waiting.length > 0) core.clock.soon(stretch)
    }
    stretch()
  }
}

function hold(socket: Socket): void {
  socket.pause()
  socket.cork()
}

function release(socket: Socket): void {
  socket.uncork()
  socket.resume()
}
