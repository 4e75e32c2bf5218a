import { connect as connectSocket, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { connect, type IClientOptions, MqttClient } from 'mqtt'
import { WebSocket, type ClientOptions as WebSocketOptions } from 'ws'
import type { Route } from '../../transport/connection.ts'
import type { TransportSpec } from '../../types.ts'

const DEFAULT_PATH = '/mqtt'

export type Options = IClientOptions & { localAddress?: string; preamble?: Buffer }

/** Target and transport options of the package, with the address that was resolved once for the fleet. */
export function transportOptions(route: Route, transport: TransportSpec | undefined): Options {
  const protocol = transport?.protocol ?? 'mqtt'
  const { host, address, port, localAddress, preamble } = route
  const tls = protocol === 'mqtts' || protocol === 'wss' ? tlsOptions(route, transport) : {}
  const from = { ...(localAddress !== undefined && { localAddress }), ...(preamble && { preamble }) }
  if (protocol === 'mqtt' || protocol === 'mqtts')
    return { protocol, host: address, hostname: address, port, ...tls, ...from } as Options
  const { path = DEFAULT_PATH, headers } = transport?.webSocket ?? {}
  const wsOptions = {
    ...{ ...tls, ...from, ...(headers ? { headers: { ...headers } } : {}) },
    ...(isIP(address) !== 0 && { lookup: knownAddress(address) }),
    ...(preamble && { createConnection: carried(route, protocol === 'wss' ? tls : undefined, preamble) }),
  }
  // By name, for the Host header and the certificate's check.
  return { protocol, host, hostname: host, port, path, ...tls, wsOptions } as Options
}

function tlsOptions({ host, address, certificate }: Route, transport: TransportSpec | undefined) {
  const { ca, cert, key, ciphers, alpn, servername, insecure = false } = transport?.tls ?? {}
  // An address is no server name (RFC 6066 §3): then the certificate is checked for the address itself.
  const name = servername ?? (host === address ? undefined : host)
  return {
    rejectUnauthorized: !insecure,
    ...(name === undefined ? {} : { servername: name }),
    ca,
    cert: certificate?.cert ?? cert,
    key: certificate?.key ?? key,
    ...(ciphers ? { ciphers } : {}),
    ...(alpn ? { ALPNProtocols: [...alpn] } : {}),
  }
}

type Answer = (error: null, address: string | { address: string; family: number }[], family?: number) => void

function knownAddress(address: string) {
  const family = address.includes(':') ? 6 : 4
  return (_host: string, { all }: { all?: boolean }, answer: Answer): void =>
    all ? answer(null, [{ address, family }]) : answer(null, address, family)
}

/**
 * Makes the client, which connects at once. Streams are made here if a source address is set or bytes go before the package's, and
 * WebSockets to learn when they open.
 */
export function makeMqttClient(options: Options, onOpen: () => void): MqttClient {
  const { protocol, localAddress, preamble } = options
  if (protocol === 'ws' || protocol === 'wss')
    return connect({ ...options, createWebsocket: webSocketMaker(onOpen) })
  if (!preamble && (protocol !== 'mqtt' || localAddress === undefined)) return connect(options)
  return new MqttClient((client) => {
    const own = client.options as Options
    const socket = connectSocket({
      host: own.host!,
      port: own.port!,
      ...(localAddress !== undefined && { localAddress }),
    })
    if (own.preamble) socket.write(own.preamble)
    return protocol === 'mqtts' ? secured(socket, own) : socket
  }, options)
}

/** TLS over a socket that has its first bytes to send already. */
function secured(socket: Socket, options: object): TLSSocket {
  const stream = connectTls({ ...options, socket })
  socket.on('error', (error) => stream.destroy(error))
  return stream
}

/** What carries a WebSocket whose connection begins with `preamble`. */
function carried({ host, address, port, localAddress }: Route, tls: object | undefined, preamble: Buffer) {
  return (): Socket => {
    const socket = connectSocket({ host: address, port, ...(localAddress !== undefined && { localAddress }) })
    socket.write(preamble)
    return tls ? secured(socket, { ...tls, host }) : socket
  }
}

function webSocketMaker(onOpen: () => void): NonNullable<IClientOptions['createWebsocket']> {
  return (url, protocols, { wsOptions }) => {
    const socket = new WebSocket(url, protocols, wsOptions as WebSocketOptions)
    socket.once('open', onOpen)
    return socket
  }
}
