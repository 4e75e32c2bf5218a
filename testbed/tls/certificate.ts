import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'
import {
  bits,
  boolean,
  integer,
  objectId,
  octets,
  primitive,
  sequence,
  set,
  tagged,
  time,
  utf8,
} from './der.ts'

const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'))
const COMMON_NAME = objectId('2.5.4.3')
const BASIC_CONSTRAINTS = objectId('2.5.29.19')
const SUBJECT_ALTERNATIVE_NAME = objectId('2.5.29.17')
const DAY_MS = 86_400_000
const VALID_DAYS = 365

/** A key and a certificate (both PEM) that signs itself, for `host` and localhost, and dies with the process (RFC 5280). */
export function selfSigned(host: string): { key: string; certificate: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(set(sequence(COMMON_NAME, utf8('weir embedded testbed'))))
  const nowMs = Date.now()
  const names = [
    primitive(2, Buffer.from('localhost')),
    addressOf('127.0.0.1'),
    ...(isIPv4(host) ? [addressOf(host)] : []),
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
