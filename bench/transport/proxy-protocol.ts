import { isIP } from 'node:net'
import type { ProxySpec } from '../types.ts'
import { addressBytes, mapped } from './address-range.ts'

export interface Endpoint {
  address: string
  port: number
}

/** §2.2: no line of another protocol begins so. */
const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
/** Version 2, command PROXY. */
const PROXY = 0x21
/** Family and transport: TCP over IPv4 and IPv6. */
const TCP4 = 0x11
const TCP6 = 0x21

/**
 * The header that a proxy sends before anything else on a connection that it passes on: who connected to whom. Both addresses are of one
 * family: where they differ, the IPv4 one is mapped into IPv6. A destination that is a name is 0.0.0.0.
 * Sections are those of https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt.
 */
export function proxyHeader(version: ProxySpec['version'], source: Endpoint, destination: Endpoint): Buffer {
  const target = { ...destination, address: isIP(destination.address) ? destination.address : '0.0.0.0' }
  const six = isIP(source.address) === 6 || isIP(target.address) === 6
  const from = six ? mapped(source.address) : source.address
  const to = six ? mapped(target.address) : target.address
  // §2.1: at most 107 bytes, in one line.
  if (version === 'v1')
    return Buffer.from(
      `PROXY ${six ? 'TCP6' : 'TCP4'} ${from} ${to} ${source.port} ${target.port}\r\n`,
      'latin1',
    )
  const addresses = Buffer.concat([
    addressBytes(from),
    addressBytes(to),
    twoBytes(source.port),
    twoBytes(target.port),
  ])
  return Buffer.concat([
    SIGNATURE,
    Buffer.of(PROXY, six ? TCP6 : TCP4),
    twoBytes(addresses.length),
    addresses,
  ])
}

const twoBytes = (value: number): Buffer => Buffer.of(value >>> 8, value & 0xff)
