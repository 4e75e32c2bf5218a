/** The little of ASN.1 DER (ITU-T X.690) that a certificate is made of. */

function element(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body])
}

function lengthOf(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size])
  return size < 0x100 ? Buffer.from([0x81, size]) : Buffer.from([0x82, size >> 8, size & 0xff])
}

export const sequence = (...items: Buffer[]): Buffer => element(0x30, ...items)
export const set = (...items: Buffer[]): Buffer => element(0x31, ...items)
export const boolean = (value: boolean): Buffer => element(0x01, Buffer.from([value ? 0xff : 0]))
export const octets = (content: Buffer): Buffer => element(0x04, content)
export const bits = (content: Buffer): Buffer => element(0x03, Buffer.from([0]), content)
export const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text))
/** UTCTime: years 1950 to 2049. */
export const time = (date: Date): Buffer =>
  element(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`))
/** A context-specific tag: constructed around other elements, or primitive with bytes of its own. */
export const tagged = (number: number, ...items: Buffer[]): Buffer => element(0xa0 | number, ...items)
export const primitive = (number: number, content: Buffer): Buffer => element(0x80 | number, content)

/** An unsigned integer of any size. */
export const integer = (bytes: Buffer): Buffer =>
  element(0x02, bytes[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)

export function objectId(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number) as [number, number, ...number[]]
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const groups = [part & 0x7f]
    for (let left = part >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return element(0x06, Buffer.from(bytes))
}
