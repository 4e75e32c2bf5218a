import type { Socket } from 'node:net'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'
import { selfSigned } from '#weir/testbed/tls/certificate.ts'

/** EMQX ships one certificate, and all nodes of an image have the same. */
let shared: SecureContext | undefined

/**
 * The server's end of TLS on a socket. Clients need no certificate, as in EMQX's defaults (`verify = verify_none`), and ALPN
 * is ignored. The certificate is self-signed and made at the first connection.
 */
export function secured(socket: Socket): TLSSocket {
  shared ??= secureContext()
  return new TLSSocket(socket, { isServer: true, secureContext: shared, requestCert: false })
}

function secureContext(): SecureContext {
  const { key, certificate } = selfSigned('127.0.0.1')
  return createSecureContext({ key, cert: certificate, minVersion: 'TLSv1.2' })
}
