import type { PUBACK, PUBCOMP, PUBREC } from './packet-type.ts'

export type AckType = typeof PUBACK | typeof PUBREC | typeof PUBCOMP

const ACK_BYTES = 4

/**
 * Acknowledgements of one read, sent with one write. A success needs no reason code, so its four bytes are the same in MQTT 3.1.1
 * and 5 (§3.4.2.1).
 */
export class AckBuffer {
  #bytes = Buffer.allocUnsafe(256)
  #length = 0

  add(type: AckType, packetId: number): void {
    if (this.#length + ACK_BYTES > this.#bytes.length) this.#grow()
    this.#bytes[this.#length] = type
    this.#bytes[this.#length + 1] = 2
    this.#bytes.writeUInt16BE(packetId, this.#length + 2)
    this.#length += ACK_BYTES
  }

  clear(): void {
    this.#length = 0
  }

  /** The socket may keep what it is given until the kernel takes it, so it gets a copy. */
  flush(socket: { write(bytes: Buffer): unknown }): void {
    if (this.#length === 0) return
    socket.write(Buffer.from(this.#bytes.subarray(0, this.#length)))
    this.#length = 0
  }

  #grow(): void {
    const larger = Buffer.allocUnsafe(this.#bytes.length * 2)
    this.#bytes.copy(larger)
    this.#bytes = larger
  }
}
