import type { ClientCertificate } from '../types.ts'

/** One connection of a client, whatever carries its bytes. */
export interface Connection<C> {
  /** Whose it is; null once the client has moved on and hears no more of it. */
  client: C | null
  /** Bytes that the kernel has not taken yet: what a publisher bounds. */
  readonly writableLength: number
  /** Port of this end; absent where it is unknown. */
  readonly localPort?: number | undefined
  /** The connection may keep what it is given until the kernel takes it. */
  write(bytes: Buffer): unknown
  /** Sends the last bytes, then the end of the stream; the socket goes when both sides have ended. */
  end(last: Buffer): unknown
  destroy(): unknown
}

/** What a connection reports to its owner. Late reports for a client that has moved on are dropped. */
export interface ConnectionOwner<C> {
  /** TCP stands; the handshakes of TLS and WebSocket may be still to come. Told before `onConnect`. */
  onTcp?(client: C): void
  /** It stands, with TLS and WebSocket handshakes done: MQTT may begin. */
  onConnect(client: C): void
  /** The first `length` of `bytes`, valid during the call only. */
  onBytes(client: C, bytes: Buffer, length: number): void
  onFin(client: C): void
  onError(client: C, error: NodeJS.ErrnoException): void
  /** The socket is closed: called once per connection, also without a client. */
  onSocketGone(): void
}

/** Where to connect to, and from where. */
export interface Route {
  address: string
  port: number
  /** The name that the address was resolved from. */
  host: string
  localAddress?: string
  /** The client's own, instead of that of all: the same object for each of its connections. */
  certificate?: ClientCertificate
  /** Bytes that go out before those of TLS, WebSocket or MQTT: the header of the PROXY protocol. */
  preamble?: Buffer
  /** A reconnect: it may resume a TLS session. */
  returning?: boolean
}

/** Begins to connect. */
export type Dial<C> = (client: C, owner: ConnectionOwner<C>, route: Route) => Connection<C>
