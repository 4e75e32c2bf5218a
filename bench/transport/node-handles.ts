/**
 * Node's TCP handles are undocumented, so they are checked before use; without them sockets are used
 * (docs/decisions/0009-sockets-without-streams.md).
 */

/** Called when a request to the kernel is done; `this` is the request. */
export interface NodeRequest {
  oncomplete: (status: number) => void
  handle?: TcpHandle
  /** Keeps the bytes from being collected until the kernel has them. */
  bytes?: Buffer
}

export interface TcpHandle {
  /** `this` is the handle; how much was read lies in the stream state. */
  onread: (this: TcpHandle) => void
  /** Whose handle it is. */
  connection?: unknown
  /** Bytes that the kernel has not taken. */
  readonly writeQueueSize: number
  connect(request: NodeRequest, address: string, port: number): number
  connect6(request: NodeRequest, address: string, port: number): number
  bind(address: string, port: number): number
  bind6(address: string, port: number, flags: number): number
  setNoDelay(on: boolean): number
  /** Fills in the address of this end. */
  getsockname(into: { port?: number }): number
  useUserBuffer(buffer: Buffer): void
  readStart(): number
  writeBuffer(request: NodeRequest, bytes: Buffer): number
  shutdown(request: NodeRequest): number
  close(closed: (this: TcpHandle) => void): void
}

export interface NodeHandles {
  makeTcp(): TcpHandle
  makeConnect(): NodeRequest
  makeWrite(): NodeRequest
  makeShutdown(): NodeRequest
  /** Bytes of the read that `onread` reports; below 0 an error of libuv. */
  bytesRead(): number
  /** Whether the last `writeBuffer` has to wait for the kernel, and its request will complete. */
  writeWaits(): boolean
}

interface TcpBinding {
  TCP: new (type: number) => TcpHandle
  TCPConnectWrap: new () => NodeRequest
  constants: { SOCKET: number }
}

interface StreamBinding {
  WriteWrap: new () => NodeRequest
  ShutdownWrap: new () => NodeRequest
  streamBaseState: Int32Array
  kReadBytesOrError: number
  kLastWriteWasAsync: number
}

/** Undefined where this Node does not offer them, or not as they are known. */
export function nodeHandles(): NodeHandles | undefined {
  try {
    const { binding } = process as unknown as { binding(name: string): unknown }
    const tcp = binding('tcp_wrap') as TcpBinding
    const stream = binding('stream_wrap') as StreamBinding
    return known(tcp, stream) ? handles(tcp, stream) : undefined
  } catch {
    return undefined
  }
}

const METHODS = [
  'connect',
  'connect6',
  'bind',
  'bind6',
  'setNoDelay',
  'getsockname',
  'useUserBuffer',
  'readStart',
  'writeBuffer',
  'shutdown',
  'close',
]

function known(tcp: TcpBinding, stream: StreamBinding): boolean {
  const places = [stream.kReadBytesOrError, stream.kLastWriteWasAsync, tcp.constants.SOCKET]
  const prototype = tcp.TCP.prototype as Record<string, unknown>
  return (
    places.every(Number.isInteger) &&
    stream.streamBaseState.length > Math.max(stream.kReadBytesOrError, stream.kLastWriteWasAsync) &&
    [tcp.TCPConnectWrap, stream.WriteWrap, stream.ShutdownWrap].every((wrap) => typeof wrap === 'function') &&
    METHODS.every((method) => typeof prototype[method] === 'function')
  )
}

function handles({ TCP, TCPConnectWrap, constants }: TcpBinding, stream: StreamBinding): NodeHandles {
  const { WriteWrap, ShutdownWrap, streamBaseState, kReadBytesOrError, kLastWriteWasAsync } = stream
  return {
    makeTcp: () => new TCP(constants.SOCKET),
    makeConnect: () => new TCPConnectWrap(),
    makeWrite: () => new WriteWrap(),
    makeShutdown: () => new ShutdownWrap(),
    bytesRead: () => streamBaseState[kReadBytesOrError]!,
    writeWaits: () => streamBaseState[kLastWriteWasAsync] !== 0,
  }
}
