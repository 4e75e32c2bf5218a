import { isIP } from 'node:net'
import { usageError, type WeirError } from '#weir/errors/index.ts'
import type { TlsSpec, TransportSpec, WebSocketSpec } from '../types.ts'
import { addressRange } from './address-range.ts'
import { secureContext } from './secure-context.ts'

/**
 * Refuses an invalid transport: options of another one, certificates and keys that do not fit, bad names, paths and
 * headers. Throws WEIR_USAGE.
 */
export function checkTransport(spec: TransportSpec | undefined): void {
  if (!spec) return
  const { protocol, tls, webSocket, proxyProtocol } = spec
  const secure = protocol === 'mqtts' || protocol === 'wss'
  const web = protocol === 'ws' || protocol === 'wss'
  if (tls && !secure) throw usage(`tls belongs to mqtts and wss (-l), and the protocol is ${protocol}`)
  if (webSocket && !web) throw usage(`webSocket belongs to ws and wss (-l), and the protocol is ${protocol}`)
  if (tls) checkTls(tls)
  if (webSocket) checkWebSocket(webSocket)
  if (proxyProtocol) addressRange('transport.proxyProtocol.sources (--proxy-sources)', proxyProtocol.sources)
}

function checkTls(spec: TlsSpec): void {
  const { servername, alpn = [] } = spec
  if (servername === '' || (servername !== undefined && isIP(servername) !== 0))
    throw usage(
      `tls.servername (--servername) is "${servername}" but must be a name: a certificate is checked for the target's address by itself`,
    )
  for (const name of alpn)
    if (name === '' || Buffer.byteLength(name) > 255)
      throw usage(`tls.alpn (--alpn) has "${name}", and a protocol's name has 1 to 255 bytes (RFC 7301 §3.1)`)
  secureContext(spec)
}

/** RFC 9110 §5.6.2: the characters of a header's name. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** RFC 9110 §5.5: printable, and Latin-1 at most. A line's end would begin another header. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
/** An absolute path with a query perhaps, as it stands in a request. */
const PATH = /^\/[\x21-\x7e]*$/
/** The handshake's own (RFC 6455 §4.1). */
const OURS = /^(upgrade|connection|sec-websocket-.*|content-length|transfer-encoding)$/i

function checkWebSocket({ path, headers = {} }: WebSocketSpec): void {
  if (path !== undefined && (!PATH.test(path) || path.includes('#')))
    throw usage(
      `webSocket.path (--path) is "${path}", and must begin with "/" and have neither blanks nor "#": encode them (%20, %23)`,
    )
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name))
      throw usage(`webSocket.headers (-wh) has the name "${name}", which no header can have`)
    if (OURS.test(name))
      throw usage(`webSocket.headers (-wh) has ${name}, which belongs to the handshake itself`)
    // The value may be a secret.
    if (!FIELD_VALUE.test(value))
      throw usage(`webSocket.headers (-wh): the value of ${name} has characters that no header can have`)
  }
}

function usage(words: string): WeirError {
  return usageError(`transport: ${words}`)
}
