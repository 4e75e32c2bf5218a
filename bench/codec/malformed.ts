/** Bytes that are no MQTT, or MQTT that this side must never be sent. */
export class MalformedPacket extends Error {
  override readonly name = 'MalformedPacket'
}
