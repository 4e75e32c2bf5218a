import type { Socket } from 'node:net'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'
import { selfSigned } from '#weir/testbed/tls/certificate.ts'

/** EMQX ships one certificate, and all nodes of an image have the same. */
let shared: SecureContext | undefined
let made: { key: string; cert: string } | undefined

/** It is self-signed, and made when it is first needed. */
export function certificate(): { key: string; cert: string } {
  if (made === undefined) {
    const { key, certificate: cert } = selfSigned('127.0.0.1')
    made = { key, cert }
  }
  return made
}

/**
 * The server's end of TLS on a socket. Clients need no certificate, as in EMQX's defaults (`verify = verify_none`), and ALPN
 * is ignored.
 */
export function secured(socket: Socket): TLSSocket {
  shared ??= secureContext()
  return new TLSSocket(socket, { isServer: true, secureContext: shared, requestCert: false })
}

function secureContext(): SecureContext {
  return createSecureContext({ ...certificate(), minVersion: 'TLSv1.2' })
}
