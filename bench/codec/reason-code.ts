import type { ProtocolBreach } from '#weir/facts/protocol-breaches.ts'

/** Reason codes of MQTT 5 (§2.4) that this side acts on or sends. Everything from 0x80 is a failure. */
export const SUCCESS = 0x00
export const MALFORMED_PACKET = 0x81
export const PROTOCOL_ERROR = 0x82
export const PACKET_ID_IN_USE = 0x91
export const PACKET_ID_NOT_FOUND = 0x92
export const RECEIVE_MAXIMUM_EXCEEDED = 0x93
export const TOPIC_ALIAS_INVALID = 0x94
export const PACKET_TOO_LARGE = 0x95
export const USE_ANOTHER_SERVER = 0x9c
export const SERVER_MOVED = 0x9d

export const FIRST_FAILURE = 0x80

/** Bytes that are no MQTT, or MQTT that this side must never be sent. */
export class MalformedPacket extends Error {
  override readonly name = 'MalformedPacket'
  /** Sent in DISCONNECT by an MQTT 5 client before it closes the connection (§4.13.1). */
  readonly reasonCode: number
  /** A packet that is well-formed and out of place, by name. */
  readonly breach: ProtocolBreach | undefined

  constructor(message: string, reasonCode: number = MALFORMED_PACKET, breach?: ProtocolBreach) {
    super(message)
    this.reasonCode = reasonCode
    this.breach = breach
  }
}
