import { usageError } from '#weir/errors/index.ts'
import { TRANSPORT_PROTOCOLS, type TransportProtocol } from '#weir/facts/index.ts'
import { readPem } from '../credentials/certificates.ts'
import { hasVariables } from '../credentials/variables.ts'
import { checkTransport } from '../transport/check-transport.ts'
import type { TlsSpec, TransportSpec, WebSocketSpec } from '../types.ts'
import { namedValues, present, requires } from './check-flags.ts'
import type { ClientFlags, TlsFlags } from './flags.ts'

const OF_TLS = ['key', 'cert', 'ca', 'ciphers', 'insecure', 'alpn', 'servername'] as const
const OF_WEB_SOCKETS = ['path', 'ws-headers'] as const

/** What carries the bytes: `-l` and what goes with it. Flags of a transport that is not used are refused. Throws WEIR_USAGE. */
export function transportOf(flags: ClientFlags): TransportSpec {
  const protocol = protocolOfFlag(flags.protocol)
  const secure = protocol === 'mqtts' || protocol === 'wss'
  const webSocket = protocol === 'ws' || protocol === 'wss'
  if (!secure) requires(flags, OF_TLS, '-l mqtts or -l wss', `${protocol} is not encrypted`)
  if (!webSocket) requires(flags, OF_WEB_SOCKETS, '-l ws or -l wss', `${protocol} is not a WebSocket`)
  const transport: TransportSpec = {
    protocol,
    ...(secure ? { tls: tlsOf(flags) } : {}),
    ...(webSocket ? { webSocket: webSocketOf(flags) } : {}),
    ...proxyOf(flags),
  }
  // Certificates that do not fit are found here, once, and not by every worker.
  checkTransport(transport)
  return transport
}

function protocolOfFlag(name = 'mqtt'): TransportProtocol {
  const protocol = TRANSPORT_PROTOCOLS.find((one) => one === name)
  if (protocol) return protocol
  throw usageError(`--protocol is ${name} but must be one of ${TRANSPORT_PROTOCOLS.join(', ')}`)
}

/** RFC 2544, appendix C.2.2: the network of benchmarks. */
const DEFAULT_SOURCES = '198.18.0.0/15'

function proxyOf(flags: ClientFlags): Pick<TransportSpec, 'proxyProtocol'> {
  const { 'proxy-protocol': version, 'proxy-sources': sources = DEFAULT_SOURCES } = flags
  if (version === undefined) {
    requires(flags, ['proxy-sources'], '--proxy-protocol v1 or v2', 'addresses are sent in its header')
    return {}
  }
  if (version !== 'v1' && version !== 'v2')
    throw usageError(`--proxy-protocol is ${version} but must be v1 or v2`)
  return { proxyProtocol: { version, sources } }
}

function tlsOf(flags: TlsFlags): TlsSpec {
  const { alpn, servername, insecure, ciphers } = flags
  // Certificates of each client are credentials.
  const isOwn = hasVariables(flags.cert) || hasVariables(flags.key)
  return present({
    ca: pem('--ca', flags.ca),
    cert: isOwn ? undefined : pem('--cert', flags.cert),
    key: isOwn ? undefined : pem('--key', flags.key),
    alpn: alpn?.flatMap((names) => names.split(',')),
    ...{ servername, insecure, ciphers },
  })
}

const pem = (flag: string, path: string | undefined): string | undefined =>
  path === undefined ? undefined : readPem(flag, path)

function webSocketOf(flags: ClientFlags): WebSocketSpec {
  const headers = flags['ws-headers']
  return present({
    path: flags.path,
    headers:
      headers === undefined
        ? undefined
        : Object.fromEntries(
            Object.entries(namedValues('--ws-headers', headers)).map(([name, values]) => [
              name,
              values.join(', '),
            ]),
          ),
  })
}
