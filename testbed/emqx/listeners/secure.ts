import type { Socket } from 'node:net'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'
import { selfSigned } from '#weir/testbed/tls/certificate.ts'

/** EMQX ships one certificate, and all nodes of an image have the same. */
let shared: SecureContext | undefined

/**
 * The server's end of TLS on a socket; the handshake runs by itself. Nobody is asked for a certificate, as in EMQX's
 * defaults (`verify = verify_none`), and ALPN is not looked at. The certificate signs itself, is made at the first
 * connection, and is gone with the process.
 */
export function secured(socket: Socket): TLSSocket {
  shared ??= secureContext()
  return new TLSSocket(socket, { isServer: true, secureContext: shared, requestCert: false })
}

function secureContext(): SecureContext {
  const { key, certificate } = selfSigned('127.0.0.1')
  return createSecureContext({ key, cert: certificate, minVersion: 'TLSv1.2' })
}
