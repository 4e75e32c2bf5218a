import { getSystemErrorName } from 'node:util'
import type { Connection, ConnectionOwner, Route } from './connection.ts'
import type { NodeHandles, NodeRequest, TcpHandle } from './node-handles.ts'

/** End of the peer's stream, as libuv numbers it. */
const UV_EOF = -4095

/** One for all connections of a thread: libuv reads into it and hands it over before it reads again. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024)

/**
 * Plain TCP on a bare handle: no stream, emitter or queue, a third of a socket's cost
 * (docs/decisions/0009-sockets-without-streams.md).
 */
export class HandleConnection<C> implements Connection<C> {
  client: C | null
  readonly owner: ConnectionOwner<C>
  readonly handle: TcpHandle
  readonly #node: NodeHandles
  /** Goes out with the first bytes, in one packet. */
  #preamble: Buffer | undefined
  #ended = false
  #closing = false

  constructor(node: NodeHandles, client: C, owner: ConnectionOwner<C>) {
    this.#node = node
    this.client = client
    this.owner = owner
    this.handle = node.makeTcp()
    this.handle.connection = this
    this.handle.onread = onRead
    this.handle.useUserBuffer(readBuffer)
    // A lone PUBACK behind an unacknowledged one would otherwise wait for the peer's delayed ACK (Nagle).
    this.handle.setNoDelay(true)
  }

  /** Bytes that the kernel has not taken yet. */
  get writableLength(): number {
    return this.#closing ? 0 : this.handle.writeQueueSize
  }

  get localPort(): number | undefined {
    const name: { port?: number } = {}
    return this.#closing || this.handle.getsockname(name) !== 0 ? undefined : name.port
  }

  connect({ address, port, localAddress, preamble }: Route): void {
    this.#preamble = preamble
    const request = this.#node.makeConnect()
    request.oncomplete = onConnected
    request.handle = this.handle
    const { handle } = this
    const status =
      (localAddress === undefined ? 0 : bind(handle, localAddress)) ||
      (address.includes(':')
        ? handle.connect6(request, address, port)
        : handle.connect(request, address, port))
    if (status !== 0) process.nextTick(failLater, this, status)
  }

  write(bytes: Buffer): void {
    if (this.#closing) return
    if (this.#preamble !== undefined) {
      const both = Buffer.concat([this.#preamble, bytes])
      this.#preamble = undefined
      this.write(both)
      return
    }
    const request = spareRequest ?? this.#node.makeWrite()
    spareRequest = undefined
    const status = this.handle.writeBuffer(request, bytes)
    if (status === 0 && this.#node.writeWaits()) {
      request.oncomplete = onWritten
      request.handle = this.handle
      request.bytes = bytes
      return
    }
    // The kernel took it at once, or not at all: the request was not used.
    spareRequest = request
    if (status !== 0) process.nextTick(failLater, this, status)
  }

  end(last: Buffer): void {
    if (this.#closing) return
    this.write(last)
    this.#ended = true
    const request = this.#node.makeShutdown()
    request.oncomplete = nothing
    // Not connected (any more).
    if (this.handle.shutdown(request) !== 0) this.destroy()
  }

  destroy(): void {
    if (this.#closing) return
    this.#closing = true
    this.handle.close(onClosed)
  }

  connected(status: number): void {
    if (this.#closing) return
    if (status !== 0) {
      this.fail(status)
      return
    }
    this.handle.readStart()
    if (this.client !== null) this.owner.onTcp?.(this.client)
    if (this.client !== null) this.owner.onConnect(this.client)
  }

  read(): void {
    if (this.#closing) return
    const length = this.#node.bytesRead()
    if (length > 0) {
      if (this.client !== null) this.owner.onBytes(this.client, readBuffer, length)
    } else if (length === UV_EOF) this.#fin()
    else if (length < 0) this.fail(length)
  }

  fail(status: number): void {
    if (this.#closing) return
    if (this.client === null) this.destroy()
    else this.owner.onError(this.client, errorOf(status))
  }

  closed(): void {
    // A close without an end or an error before it: treat it as the end it is.
    if (this.client !== null) this.owner.onFin(this.client)
    this.owner.onSocketGone()
  }

  #fin(): void {
    if (this.#ended || this.client === null) this.destroy()
    else this.owner.onFin(this.client)
  }
}

/** A write that the kernel takes at once leaves its request as it was: the next one uses it again. */
let spareRequest: NodeRequest | undefined

/** Plain TCP with the handles of this Node. */
export function dialHandle<C>(
  node: NodeHandles,
  client: C,
  owner: ConnectionOwner<C>,
  route: Route,
): Connection<C> {
  const connection = new HandleConnection(node, client, owner)
  connection.connect(route)
  return connection
}

function bind(handle: TcpHandle, address: string): number {
  return address.includes(':') ? handle.bind6(address, 0, 0) : handle.bind(address, 0)
}

function connectionOf(handle: TcpHandle): HandleConnection<unknown> {
  return handle.connection as HandleConnection<unknown>
}

function onConnected(this: NodeRequest, status: number): void {
  connectionOf(this.handle!).connected(status)
}

function onRead(this: TcpHandle): void {
  connectionOf(this).read()
}

function onWritten(this: NodeRequest, status: number): void {
  if (status !== 0) connectionOf(this.handle!).fail(status)
}

function onClosed(this: TcpHandle): void {
  connectionOf(this).closed()
}

function nothing(): void {}

/** Reported asynchronously, like errors of the kernel: never before the caller has the connection. */
function failLater(connection: HandleConnection<unknown>, status: number): void {
  connection.fail(status)
}

function errorOf(status: number): NodeJS.ErrnoException {
  const code = getSystemErrorName(status)
  return Object.assign(new Error(`TCP: ${code}`), { code, errno: status })
}
