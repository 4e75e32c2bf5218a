import { PUBREL } from '../../codec/packet-type.ts'
import { type PublishForm, publishLength, putPublish } from '../../codec/publish.ts'
import type { Payload } from '../../traffic/payload.ts'

const FIRST_BYTES = 16 * 1024
const PUBREL_BYTES = 4

/** Gathers what one client sends in one turn, so that it goes out with one write. One for all clients of a shard. */
export class Outbox {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES)
  length = 0

  /** A message whose payload may carry the ledger's header; `id` means nothing for QoS 0. */
  publish(
    form: PublishForm,
    id: number,
    publisher: number,
    sequence: number,
    plannedMs: number,
    payload: Payload,
    duplicate: boolean,
  ): void {
    const size = payload.size(sequence)
    this.#makeRoom(publishLength(form, size))
    const at = putPublish(form, id, size, duplicate, this.#bytes, this.length)
    payload.fill(this.#bytes, at, publisher, sequence, plannedMs)
    this.length = at + size
  }

  pubrel(id: number): void {
    this.#makeRoom(PUBREL_BYTES)
    this.#bytes[this.length] = PUBREL
    this.#bytes[this.length + 1] = 2
    this.#bytes.writeUInt16BE(id, this.length + 2)
    this.length += PUBREL_BYTES
  }

  /** The socket may keep what it is given until the kernel takes it, so it gets a copy. */
  flush(socket: { write(bytes: Buffer): unknown }): void {
    if (this.length === 0) return
    socket.write(Buffer.from(this.#bytes.subarray(0, this.length)))
    this.length = 0
  }

  #makeRoom(bytes: number): void {
    if (this.length + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.length + bytes))
    this.#bytes.copy(larger, 0, 0, this.length)
    this.#bytes = larger
  }
}
