import { MALFORMED_PACKET } from './reason-code.ts'

/** Bytes that are no MQTT, or MQTT that this side must never be sent. */
export class MalformedPacket extends Error {
  override readonly name = 'MalformedPacket'
  /** Sent in DISCONNECT by an MQTT 5 client before it closes the connection (§4.13.1). */
  readonly reasonCode: number

  constructor(message: string, reasonCode: number = MALFORMED_PACKET) {
    super(message)
    this.reasonCode = reasonCode
  }
}
