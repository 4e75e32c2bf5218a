import { type Packet, type Parser, parser } from 'mqtt-packet'

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
  let decoder = decoders.get(protocol)
  if (decoder === undefined) {
    decoder = new Decoder(protocol)
    decoders.set(protocol, decoder)
  }
  return decoder.decode(frame)
}
