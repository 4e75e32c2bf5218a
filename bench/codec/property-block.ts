import type { MessageProperties, UserProperties } from '../types.ts'
import { putBinary, putString, putVariable, stringLength, variableLength } from './fields.ts'
import * as id from './property-id.ts'

/** Builds the properties of a packet with their length in front (MQTT 5 §2.2.2); undefined values add nothing. */
export class PropertyBlock {
  readonly #parts: Buffer[] = []

  byte(property: number, value: number | boolean | undefined): this {
    return this.#add(property, 1, value, (part) => part.writeUInt8(Number(value), 1))
  }

  twoBytes(property: number, value: number | undefined): this {
    return this.#add(property, 2, value, (part) => part.writeUInt16BE(value!, 1))
  }

  fourBytes(property: number, value: number | undefined): this {
    return this.#add(property, 4, value, (part) => part.writeUInt32BE(value!, 1))
  }

  variable(property: number, value: number | undefined): this {
    return this.#add(property, variableLength(value ?? 0), value, (part) => putVariable(part, 1, value!))
  }

  text(property: number, value: string | undefined): this {
    return this.binary(property, value === undefined ? undefined : Buffer.from(value))
  }

  binary(property: number, value: Uint8Array | undefined): this {
    return this.#add(property, 2 + (value?.length ?? 0), value, (part) => putBinary(part, 1, value!))
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

  #add(property: number, bytes: number, value: unknown, put: (part: Buffer) => unknown): this {
    if (value === undefined) return this
    const part = Buffer.allocUnsafe(1 + bytes)
    part[0] = property
    put(part)
    this.#parts.push(part)
    return this
  }
}
