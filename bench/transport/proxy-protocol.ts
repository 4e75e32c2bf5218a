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
  const length = six ? 16 : 4
  const header = Buffer.allocUnsafe(SIGNATURE.length + 4 + 2 * length + 4)
  let at = SIGNATURE.copy(header)
  at = header.writeUInt8(PROXY, at)
  at = header.writeUInt8(six ? TCP6 : TCP4, at)
  at = header.writeUInt16BE(2 * length + 4, at)
  at += addressBytes(from).copy(header, at)
  at += addressBytes(to).copy(header, at)
  at = header.writeUInt16BE(source.port, at)
  header.writeUInt16BE(target.port, at)
  return header
}
