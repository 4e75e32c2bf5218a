import type { ProtocolVersion } from '#weir/facts/index.ts'
import type { PUBACK, PUBCOMP, PUBREC, PUBREL } from './packet-type.ts'
import { IN_ACK, ignoreProperty, readProperties } from './properties.ts'
import { MalformedPacket, SUCCESS } from './reason-code.ts'

export type AckType = typeof PUBACK | typeof PUBREC | typeof PUBREL | typeof PUBCOMP

/** With a reason code; properties are never sent. */
const LONGEST_ACK = 5

/**
 * Acknowledgements of one read, sent with one write. A success needs no reason code: its four bytes are the same in both
 * versions (§3.4.2.1).
 */
export class AckBuffer {
  #bytes = Buffer.allocUnsafe(256)
  #length = 0

  add(type: AckType, packetId: number, reasonCode = 0): void {
    if (this.#length + LONGEST_ACK > this.#bytes.length) this.#grow()
    let at = this.#length
    this.#bytes[at++] = type
    this.#bytes[at++] = reasonCode === 0 ? 2 : 3
    this.#bytes[at++] = packetId >>> 8
    this.#bytes[at++] = packetId & 0xff
    if (reasonCode !== 0) this.#bytes[at++] = reasonCode
    this.#length = at
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

/**
 * Reason code of a PUBACK, PUBREC, PUBREL or PUBCOMP, 0 where it is absent (MQTT 5 §3.4.2.1) and in MQTT 3.1.1. Throws
 * MalformedPacket.
 */
export function readAckReason(bytes: Buffer, start: number, end: number, protocol: ProtocolVersion): number {
  if (end - start === 2) return SUCCESS
  if (protocol === '3.1.1' || end - start < 2) throw new MalformedPacket('an acknowledgement of wrong length')
  if (end - start > 3 && readProperties(bytes, start + 3, end, IN_ACK, null, ignoreProperty) !== end)
    throw new MalformedPacket('an acknowledgement with bytes behind its properties')
  return bytes[start + 2]!
}
