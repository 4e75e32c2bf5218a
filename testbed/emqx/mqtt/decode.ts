import { Buffer } from 'node:buffer'
import { type Packet, type Parser, parser } from 'mqtt-packet'
import { remembered } from '../../runtime/memo.ts'
import { MAXIMUM_PACKET_BYTES } from './bytes.ts'

export type FrameError = 'malformed' | 'too-large'

/**
 * Cuts a chunk into whole control packets. Returns the incomplete rest, to be put in front of the next chunk, or an error.
 * Stateless, so that an idle connection costs nothing.
 */
export function cutFrames(
  chunk: Buffer,
  onFrame: (frame: Buffer) => boolean,
): { rest: Buffer | undefined; error?: FrameError } {
  let start = 0
  while (start < chunk.length) {
    let length = 0
    let shift = 0
    let at = start + 1
    for (;;) {
      if (at >= chunk.length) return { rest: leftOver(chunk, start) }
      const byte = chunk[at++]!
      length |= (byte & 0x7f) << shift
      if (byte < 0x80) break
      shift += 7
      if (shift > 21) return { rest: undefined, error: 'malformed' }
    }
    if (length > MAXIMUM_PACKET_BYTES) return { rest: undefined, error: 'too-large' }
    if (at + length > chunk.length) return { rest: leftOver(chunk, start) }
    const end = at + length
    if (!onFrame(start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end)))
      return { rest: undefined }
    start = end
  }
  return { rest: undefined }
}

/** A copy, so that a few bytes do not keep a whole read buffer alive. */
function leftOver(chunk: Buffer, start: number): Buffer {
  return Buffer.from(chunk.subarray(start))
}

/**
 * Decodes whole frames. All connections of a protocol version share one parser, which saves kilobytes per idle connection.
 */
class Decoder {
  readonly #protocolVersion: number
  #parser: Parser
  #packet: Packet | undefined
  #error: Error | undefined

  constructor(protocolVersion: number) {
    this.#protocolVersion = protocolVersion
    this.#parser = this.#newParser()
  }

  #newParser(): Parser {
    const made = parser({ protocolVersion: this.#protocolVersion })
    made.on('packet', (packet) => {
      this.#packet = packet
    })
    made.on('error', (error: Error) => {
      this.#error = error
    })
    return made
  }

  /** The packet, or undefined when the frame is malformed. */
  decode(frame: Buffer): Packet | undefined {
    this.#packet = undefined
    this.#error = undefined
    let left = 0
    try {
      left = this.#parser.parse(frame)
    } catch (error) {
      this.#error = error as Error
    }
    if (this.#error === undefined && left === 0 && this.#packet !== undefined) return this.#packet
    this.#parser = this.#newParser()
    return undefined
  }
}

const decoders = new Map<number, Decoder>()

/** `protocol` is 3, 4 or 5; any for a CONNECT, which names its own. */
export function decode(frame: Buffer, protocol: number): Packet | undefined {
  return remembered(decoders, protocol, () => new Decoder(protocol)).decode(frame)
}
