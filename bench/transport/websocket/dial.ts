import type { WebSocketSpec } from '../../types.ts'
import type { Connection, ConnectionOwner, Dial } from '../connection.ts'
import { WebSocketBroken, WebSocketRefused } from './errors.ts'
import { BINARY, CLOSE, type FrameListener, type FrameState, frame, PONG, readFrames } from './read-frames.ts'
import { beginUpgrade, readUpgrade, type Upgrade, upgradeRequest } from './upgrade.ts'

/** Normal closure (RFC 6455 §7.4.1). */
const NORMALLY = Buffer.from([0x03, 0xe8])

/** A WebSocket over any connection. Each write is one message of one binary frame. */
class WebSocketConnection<C> implements Connection<C>, FrameState {
  client: C | null
  carrier!: Connection<WebSocketConnection<C>>
  /** Null once the handshake is done. */
  upgrade: Upgrade | null
  left = 0
  inMessage = false
  held: Buffer | null = null

  constructor(client: C, upgrade: Upgrade) {
    this.client = client
    this.upgrade = upgrade
  }

  get writableLength(): number {
    return this.carrier.writableLength
  }

  get localPort(): number | undefined {
    return this.carrier.localPort
  }

  write(bytes: Buffer): void {
    this.carrier.write(frame(BINARY, bytes))
  }

  end(last: Buffer): void {
    this.carrier.end(Buffer.concat([frame(BINARY, last), frame(CLOSE, NORMALLY)]))
  }

  destroy(): void {
    this.carrier.destroy()
  }
}

/** WebSockets (RFC 6455, MQTT 5 §6) over what `dial` opens: TCP for ws, TLS for wss. */
export function dialWebSocket<C>(
  dial: Dial<WebSocketConnection<C>>,
  protocol: 'ws' | 'wss',
  spec: WebSocketSpec = {},
): Dial<C> {
  let layer: WebSocketLayer<C> | undefined
  return (client, owner, route) => {
    if (layer?.owner !== owner) layer = new WebSocketLayer(owner, protocol, spec)
    const connection = new WebSocketConnection(client, beginUpgrade(route))
    connection.carrier = dial(connection, layer, route)
    return connection
  }
}

/** Owns the connections that carry WebSockets, and reports their content to the owner. One for all. */
class WebSocketLayer<C>
  implements ConnectionOwner<WebSocketConnection<C>>, FrameListener<WebSocketConnection<C>>
{
  readonly owner: ConnectionOwner<C>
  readonly #protocol: 'ws' | 'wss'
  readonly #spec: WebSocketSpec

  constructor(owner: ConnectionOwner<C>, protocol: 'ws' | 'wss', spec: WebSocketSpec) {
    this.owner = owner
    this.#protocol = protocol
    this.#spec = spec
  }

  onTcp({ client }: WebSocketConnection<C>): void {
    if (client !== null) this.owner.onTcp?.(client)
  }

  onConnect(connection: WebSocketConnection<C>): void {
    if (connection.client !== null && connection.upgrade)
      connection.carrier.write(upgradeRequest(connection.upgrade, this.#spec, this.#protocol))
  }

  onBytes(connection: WebSocketConnection<C>, bytes: Buffer, length: number): void {
    if (connection.client === null) return
    try {
      if (connection.upgrade) this.#readAnswer(connection, bytes.subarray(0, length))
      else readFrames(connection, bytes, length, this)
    } catch (error) {
      if (!(error instanceof WebSocketRefused || error instanceof WebSocketBroken)) throw error
      if (connection.client !== null) this.owner.onError(connection.client, error)
    }
  }

  onFin(connection: WebSocketConnection<C>): void {
    if (connection.client !== null) this.owner.onFin(connection.client)
  }

  onError(connection: WebSocketConnection<C>, error: NodeJS.ErrnoException): void {
    if (connection.client !== null) this.owner.onError(connection.client, error)
  }

  onSocketGone(): void {
    this.owner.onSocketGone()
  }

  // What frames hold.

  onPayload({ client }: WebSocketConnection<C>, bytes: Buffer, start: number, end: number): void {
    if (client !== null)
      this.owner.onBytes(client, start === 0 ? bytes : bytes.subarray(start, end), end - start)
  }

  onControl(connection: WebSocketConnection<C>, opcode: number, payload: Buffer): void {
    if (opcode !== CLOSE) connection.carrier.write(frame(PONG, payload))
    else {
      connection.carrier.write(frame(CLOSE, payload.subarray(0, 2)))
      this.onFin(connection)
    }
  }

  isOpen({ client }: WebSocketConnection<C>): boolean {
    return client !== null
  }

  /** The first frames may come with the answer's last bytes. */
  #readAnswer(connection: WebSocketConnection<C>, bytes: Buffer): void {
    const taken = readUpgrade(connection.upgrade!, bytes)
    if (taken === -1) return
    connection.upgrade = null
    this.owner.onConnect(connection.client!)
    const rest = bytes.subarray(taken)
    readFrames(connection, rest, rest.length, this)
  }
}
