import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** The little of ASN.1 DER (ITU-T X.690) that a certificate is made of. */
function element(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body])
}

function lengthOf(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size])
  return size < 0x100 ? Buffer.from([0x81, size]) : Buffer.from([0x82, size >> 8, size & 0xff])
}

const sequence = (...items: Buffer[]): Buffer => element(0x30, ...items)
const set = (...items: Buffer[]): Buffer => element(0x31, ...items)
const boolean = (value: boolean): Buffer => element(0x01, Buffer.from([value ? 0xff : 0]))
const octets = (content: Buffer): Buffer => element(0x04, content)
const bits = (content: Buffer): Buffer => element(0x03, Buffer.from([0]), content)
const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text))
/** UTCTime: years 1950 to 2049. */
const time = (date: Date): Buffer =>
  element(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`))
/** A context-specific tag: constructed around other elements, or primitive with bytes of its own. */
const tagged = (number: number, ...items: Buffer[]): Buffer => element(0xa0 | number, ...items)
const primitive = (number: number, content: Buffer): Buffer => element(0x80 | number, content)

/** An unsigned integer of any size. */
const integer = (bytes: Buffer): Buffer =>
  element(0x02, bytes[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)

function objectId(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number) as [number, number, ...number[]]
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const groups = [part & 0x7f]
    for (let left = part >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return element(0x06, Buffer.from(bytes))
}

const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'))
const COMMON_NAME = objectId('2.5.4.3')
const BASIC_CONSTRAINTS = objectId('2.5.29.19')
const SUBJECT_ALTERNATIVE_NAME = objectId('2.5.29.17')
const DAY_MS = 86_400_000
const VALID_DAYS = 365

/** A key and a certificate (both PEM) that signs itself, for these hosts and localhost, and dies with the process (RFC 5280). */
export function selfSigned(...hosts: readonly string[]): { key: string; certificate: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(set(sequence(COMMON_NAME, utf8('weir embedded testbed'))))
  const nowMs = Date.now()
  const names = [
    primitive(2, Buffer.from('localhost')),
    addressOf('127.0.0.1'),
    ...hosts.map((host) => (isIPv4(host) ? addressOf(host) : primitive(2, Buffer.from(host)))),
  ]
  const body = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(new Date(nowMs - DAY_MS)), time(new Date(nowMs + VALID_DAYS * DAY_MS))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(
      3,
      sequence(
        sequence(BASIC_CONSTRAINTS, boolean(true), octets(sequence(boolean(true)))),
        sequence(SUBJECT_ALTERNATIVE_NAME, octets(sequence(...names))),
      ),
    ),
  )
  const certificate = sequence(body, ECDSA_WITH_SHA256, bits(sign('sha256', body, privateKey)))
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: pem('CERTIFICATE', certificate),
  }
}

/** Positive and without leading zeros: DER knows one form of each number. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x3f) | 0x40
  return bytes
}

const addressOf = (host: string) => primitive(7, Buffer.from(host.split('.').map(Number)))

function pem(label: string, der: Buffer): string {
  const lines = der
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`
}
