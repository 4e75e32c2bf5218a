import { Duplex } from 'node:stream'
import { controlFrame, dataFrame, FIN, FRAME, type Frame, FrameReader } from './frames.ts'
import { HeaderBlocks, type Headers } from './headers.ts'

const MOST_IN_A_FRAME = 65_536

/** A stream that the client opened: what is read from it came from the client. */
export class SpdyStream extends Duplex {
  readonly headers: Headers
  readonly #send: (body: Buffer, flags: number, done: () => void) => void
  #wanted: (() => void) | undefined

  constructor(headers: Headers, send: (body: Buffer, flags: number, done: () => void) => void) {
    super()
    this.headers = headers
    this.#send = send
  }

  /** Resolves when more may come. */
  async receive(body: Buffer, flags: number): Promise<void> {
    if (this.destroyed) return
    const full = body.length > 0 && !this.push(body)
    if ((flags & FIN) !== 0) this.push(null)
    else if (full)
      await new Promise<void>((resolve) => {
        this.#wanted = resolve
      })
  }

  override _read(): void {
    this.#wanted?.()
    this.#wanted = undefined
  }

  override _write(chunk: Buffer, _: string, done: () => void): void {
    for (let at = 0; at < chunk.length; at += MOST_IN_A_FRAME) {
      const isLast = at + MOST_IN_A_FRAME >= chunk.length
      this.#send(chunk.subarray(at, at + MOST_IN_A_FRAME), 0, isLast ? done : () => {})
    }
  }

  override _final(done: () => void): void {
    this.#send(Buffer.alloc(0), FIN, done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this._read()
    done(error)
  }
}

/**
 * The server's side of a SPDY/3.1 connection as Kubernetes' clients use it: streams that the client opens, and no flow control, which they
 * do not have (github.com/moby/spdystream). Resolves when the client has left.
 */
export async function serveSpdy(socket: Duplex, onStream: (stream: SpdyStream) => void): Promise<void> {
  const blocks = new HeaderBlocks()
  const reader = new FrameReader()
  const streams = new Map<number, SpdyStream>()
  const send = (frame: Buffer, done: () => void = () => {}) => {
    if (socket.writable) socket.write(frame, done)
    else done()
  }

  async function open(body: Buffer): Promise<void> {
    const streamId = body.readUInt32BE(0) & 0x7fffffff
    const stream = new SpdyStream(await blocks.read(body.subarray(10)), (bytes, flags, done) =>
      send(dataFrame(streamId, bytes, flags), done),
    )
    stream.on('close', () => streams.delete(streamId))
    streams.set(streamId, stream)
    const head = Buffer.alloc(4)
    head.writeUInt32BE(streamId)
    send(controlFrame(FRAME.synReply, Buffer.concat([head, await blocks.write({})])))
    onStream(stream)
  }

  async function handle(frame: Frame): Promise<void> {
    if (frame.kind === 'data') return streams.get(frame.streamId)?.receive(frame.body, frame.flags)
    if (frame.type === FRAME.synStream) {
      await open(frame.body)
      if ((frame.flags & FIN) !== 0)
        await streams.get(frame.body.readUInt32BE(0))?.receive(Buffer.alloc(0), FIN)
    } else if (frame.type === FRAME.rstStream) streams.get(frame.body.readUInt32BE(0))?.destroy()
    else if (frame.type === FRAME.ping) send(controlFrame(FRAME.ping, frame.body))
    else if (frame.type === FRAME.goAway) socket.end()
  }

  try {
    for await (const chunk of socket as AsyncIterable<Buffer>)
      for (const frame of reader.take(chunk)) await handle(frame)
  } finally {
    for (const stream of streams.values()) stream.destroy()
    blocks.close()
    socket.destroy()
  }
}
