/** SPDY/3 control frames (SPDY Protocol, Draft 3, section 2.6), as many as Kubernetes' clients send. */
export const FRAME = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7 } as const
export const FIN = 1

const VERSION = 0x8003
const HEAD = 8

export type Frame =
  | { kind: 'data'; streamId: number; flags: number; body: Buffer }
  | { kind: 'control'; type: number; flags: number; body: Buffer }

/** Cuts frames out of a stream of bytes. */
export class FrameReader {
  #waiting = Buffer.alloc(0)

  take(chunk: Buffer): Frame[] {
    this.#waiting = Buffer.concat([this.#waiting, chunk])
    const frames: Frame[] = []
    for (;;) {
      if (this.#waiting.length < HEAD) return frames
      const end = HEAD + this.#waiting.readUIntBE(5, 3)
      if (this.#waiting.length < end) return frames
      const first = this.#waiting.readUInt32BE(0)
      const flags = this.#waiting[4]!
      const body = this.#waiting.subarray(HEAD, end)
      frames.push(
        first >>> 31 === 1
          ? { kind: 'control', type: first & 0xffff, flags, body }
          : { kind: 'data', streamId: first, flags, body },
      )
      this.#waiting = this.#waiting.subarray(end)
    }
  }
}

export function dataFrame(streamId: number, body: Buffer, flags = 0): Buffer {
  const head = Buffer.alloc(HEAD)
  head.writeUInt32BE(streamId, 0)
  return withBody(head, flags, body)
}

export function controlFrame(type: number, body: Buffer): Buffer {
  const head = Buffer.alloc(HEAD)
  head.writeUInt16BE(VERSION, 0)
  head.writeUInt16BE(type, 2)
  return withBody(head, 0, body)
}

function withBody(head: Buffer, flags: number, body: Buffer): Buffer {
  head[4] = flags
  head.writeUIntBE(body.length, 5, 3)
  return Buffer.concat([head, body])
}
