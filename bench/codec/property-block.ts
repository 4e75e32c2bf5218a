import type { MessageProperties, UserProperties } from '../types.ts'
import { putBinary, putString, putVariable, stringLength, variableLength } from './fields.ts'
import * as id from './property-id.ts'

/** Builds the properties of a packet with their length in front (MQTT 5 §2.2.2); undefined values add nothing. */
export class PropertyBlock {
  readonly #parts: Buffer[] = []

  byte(property: number, value: number | boolean | undefined): this {
    if (value !== undefined) this.#parts.push(Buffer.from([property, Number(value)]))
    return this
  }

  twoBytes(property: number, value: number | undefined): this {
    if (value === undefined) return this
    const part = Buffer.from([property, 0, 0])
    part.writeUInt16BE(value, 1)
    this.#parts.push(part)
    return this
  }

  fourBytes(property: number, value: number | undefined): this {
    if (value === undefined) return this
    const part = Buffer.from([property, 0, 0, 0, 0])
    part.writeUInt32BE(value, 1)
    this.#parts.push(part)
    return this
  }

  variable(property: number, value: number | undefined): this {
    if (value === undefined) return this
    const part = Buffer.allocUnsafe(1 + variableLength(value))
    part[0] = property
    putVariable(part, 1, value)
    this.#parts.push(part)
    return this
  }

  text(property: number, value: string | undefined): this {
    if (value !== undefined) this.binary(property, Buffer.from(value))
    return this
  }

  binary(property: number, value: Uint8Array | undefined): this {
    if (value === undefined) return this
    const part = Buffer.allocUnsafe(3 + value.length)
    part[0] = property
    putBinary(part, 1, value)
    this.#parts.push(part)
    return this
  }

  users(properties: UserProperties | undefined): this {
    for (const [name, values] of Object.entries(properties ?? {}))
      for (const value of typeof values === 'string' ? [values] : values) {
        const part = Buffer.allocUnsafe(1 + stringLength(name) + stringLength(value))
        part[0] = id.USER_PROPERTY
        putString(part, putString(part, 1, name), value)
        this.#parts.push(part)
      }
    return this
  }

  /** What a PUBLISH and a will have in common. */
  message(properties: MessageProperties | undefined): this {
    const { correlationData } = properties ?? {}
    return this.byte(id.PAYLOAD_FORMAT_INDICATOR, properties?.payloadFormatIndicator)
      .fourBytes(id.MESSAGE_EXPIRY_INTERVAL, properties?.messageExpirySeconds)
      .text(id.CONTENT_TYPE, properties?.contentType)
      .text(id.RESPONSE_TOPIC, properties?.responseTopic)
      .text(id.CORRELATION_DATA, correlationData)
      .users(properties?.userProperties)
  }

  /** The block as it stands in a packet. */
  finish(): Buffer {
    const length = this.#parts.reduce((sum, part) => sum + part.length, 0)
    const bytes = Buffer.alloc(variableLength(length) + length)
    let at = putVariable(bytes, 0, length)
    for (const part of this.#parts) at += part.copy(bytes, at)
    return bytes
  }
}
