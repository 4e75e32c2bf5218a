import { isIP } from 'node:net'
import { usageError } from '#weir/errors/index.ts'
import type { Endpoint } from './proxy-protocol.ts'

/** Addresses that clients are said to come from: a network in CIDR notation. */
export interface AddressRange {
  family: 4 | 6
  first: bigint
  /** How many: without network and broadcast address where an IPv4 network has them. */
  size: bigint
}

/** Ports of a source: none of those that need privileges. */
const FIRST_PORT = 1024n
const PORTS = 0x10000n - FIRST_PORT

/** Reads "198.18.0.0/15", "fd00::/64" or one address. Throws WEIR_USAGE with `what`, the flag or field. */
export function addressRange(what: string, text: string): AddressRange {
  const [address = '', length, ...more] = text.split('/')
  const family = isIP(address)
  const bits = family === 6 ? 128 : 32
  const prefix = length === undefined ? bits : /^\d+$/.test(length) ? Number(length) : -1
  if (family === 0 || more.length > 0 || prefix < 0 || prefix > bits)
    throw usageError(
      `${what} is "${text}" but must be an address or a network, e.g. 198.18.0.0/15 or fd00::/64`,
    )
  const size = 1n << BigInt(bits - prefix)
  const network = (numberOf(address) / size) * size
  const hasEnds = family === 4 && size > 2n
  return {
    family: family as 4 | 6,
    first: hasEnds ? network + 1n : network,
    size: hasEnds ? size - 2n : size,
  }
}

/** Where client k is said to come from: address after address, and with the next port once all have had one. */
export function endpointOf({ family, first, size }: AddressRange, client: number): Endpoint {
  // Without BigInt, which costs a tenth of a connection.
  if (family === 4) {
    const [from, count] = [Number(first), Number(size)]
    const port = Number(FIRST_PORT) + (Math.floor(client / count) % Number(PORTS))
    return { address: dotted(from + (client % count)), port }
  }
  const k = BigInt(client)
  return { address: groupsOf(first + (k % size)), port: Number(FIRST_PORT + ((k / size) % PORTS)) }
}

/** The 4 or 16 bytes of an address. */
export function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number))
  const bytes = Buffer.alloc(16)
  let rest = numberOf(address)
  for (let i = bytes.length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return bytes
}

/** An IPv4 address as one of IPv6 (RFC 4291 §2.5.5.2); IPv6 as it is. */
export function mapped(address: string): string {
  return isIP(address) === 4 ? `::ffff:${address}` : address
}

function numberOf(address: string): bigint {
  if (isIP(address) === 4) return address.split('.').reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  // An IPv4 address at the end stands for two groups, and "::" for as many zeros as are missing.
  const plain = address.replace(/%.*$/, '').replace(/\d+\.\d+\.\d+\.\d+$/, (four) => {
    const value = numberOf(four)
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`
  })
  const [head = '', tail] = plain.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n)
}

const dotted = (value: number): string =>
  `${value >>> 24}.${(value >>> 16) & 0xff}.${(value >>> 8) & 0xff}.${value & 0xff}`

/** An IPv6 address, without "::". */
function groupsOf(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(16 * (7 - i))) & 0xffffn).toString(16))
  return groups.join(':')
}
