import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { Connection, IDLE_MS, type ServingNode } from '../mqtt/connection.ts'
import { handleFrame } from '../mqtt/handle.ts'
import type { ListenerKind, Wire } from './wire.ts'

/** `websocket.mqtt_path` and `supported_subprotocols` of EMQX. */
const PATH = '/mqtt'
const SUBPROTOCOLS = ['mqtt', 'mqtt-v3', 'mqtt-v3.1.1', 'mqtt-v5']
const NORMAL_CLOSURE = 1000

const KIND = Symbol('listener')
const OWNER = Symbol('connection')
type MarkedSocket = Socket & { [KIND]?: ListenerKind }
type OwnedWebSocket = WebSocket & { [OWNER]?: Connection }

/**
 * The WebSocket side of one node, plain and over TLS: the upgrade of HTTP, then MQTT in binary frames, however the packets
 * are cut (MQTT 5 §6). Another path is a 404; a client that names no subprotocol of MQTT is refused with 400
 * (`fail_if_no_subprotocol`).
 */
export class WebSocketListener {
  readonly #node: ServingNode
  readonly #http: Server
  readonly #upgrades = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    handleProtocols: (offered) => SUBPROTOCOLS.find((name) => offered.has(name)) ?? false,
  })
  /** Sockets that have not been upgraded: afterwards they are connections of the node. */
  readonly #waiting = new Set<Socket>()

  constructor(node: ServingNode) {
    this.#node = node
    this.#http = createServer((request, response) => {
      const isHere = pathOf(request) === PATH
      response.writeHead(isHere ? 426 : 404, { connection: 'close', ...(isHere && { upgrade: 'websocket' }) })
      response.end()
    })
    this.#http.timeout = IDLE_MS
    this.#http.on('upgrade', (request, socket: Socket, head) => this.#upgrade(request, socket, head))
  }

  accept(socket: Socket, listener: ListenerKind): void {
    ;(socket as MarkedSocket)[KIND] = listener
    this.#waiting.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => this.#waiting.delete(socket))
    this.#http.emit('connection', socket)
  }

  /** Closes the sockets that have not been upgraded yet. */
  close(): void {
    for (const socket of this.#waiting) socket.destroy()
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    if (pathOf(request) !== PATH) {
      refuse(socket, '404 Not Found')
      return
    }
    const offered = request.headers['sec-websocket-protocol']?.split(',') ?? []
    if (!offered.some((name) => SUBPROTOCOLS.includes(name.trim()))) {
      refuse(socket, '400 Bad Request')
      return
    }
    this.#upgrades.handleUpgrade(request, socket, head, (client) => {
      this.#waiting.delete(socket)
      serve(client, socket, this.#node)
    })
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0]!
}

function refuse(socket: Socket, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

function serve(client: WebSocket, socket: Socket, node: ServingNode): void {
  const owned: OwnedWebSocket = client
  owned[OWNER] = new Connection(
    new WebSocketWire(client, socket),
    node,
    (socket as MarkedSocket)[KIND] ?? 'ws',
    handleFrame,
  )
  client.on('message', onMessage)
  client.on('error', onError)
  client.on('close', onClose)
}

class WebSocketWire implements Wire {
  readonly #client: WebSocket
  readonly #socket: Socket

  constructor(client: WebSocket, socket: Socket) {
    this.#client = client
    this.#socket = socket
  }

  get destroyed(): boolean {
    return this.#client.readyState !== this.#client.OPEN
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort
  }

  write(bytes: Buffer): void {
    this.#client.send(bytes)
  }

  /** EMQX does not wait for the answer to its Close frame. */
  end(): void {
    this.#client.close(NORMAL_CLOSURE)
    this.#socket.end()
  }

  destroy(): void {
    this.#client.terminate()
  }
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  const connection = (this as OwnedWebSocket)[OWNER]
  // Text is no MQTT (MQTT 5 §6.0): EMQX closes without a DISCONNECT.
  if (isBinary) connection?.received(data as Buffer)
  else connection?.lose('protocol_error')
}

/** Frames that are none, or a reset: 'close' follows and does the work. */
function onError(this: WebSocket): void {}

function onClose(this: WebSocket): void {
  ;(this as OwnedWebSocket)[OWNER]?.closed()
}
