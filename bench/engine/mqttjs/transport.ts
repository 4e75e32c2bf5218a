import { connect as connectSocket } from 'node:net'
import { connect, type IClientOptions, MqttClient } from 'mqtt'
import { WebSocket, type ClientOptions as WebSocketOptions } from 'ws'
import type { Route } from '../../transport/connection.ts'
import type { TransportSpec } from '../../types.ts'

const DEFAULT_PATH = '/mqtt'

export type Options = IClientOptions & { localAddress?: string }

/** Target and transport options of the package, with the address that was resolved once for the fleet. */
export function transportOptions(route: Route, transport: TransportSpec | undefined): Options {
  const protocol = transport?.protocol ?? 'mqtt'
  const { host, address, port, localAddress } = route
  const tls = protocol === 'mqtts' || protocol === 'wss' ? tlsOptions(route, transport) : {}
  const from = localAddress === undefined ? {} : { localAddress }
  if (protocol === 'mqtt' || protocol === 'mqtts')
    return { protocol, host: address, hostname: address, port, ...tls, ...from } as Options
  const { path = DEFAULT_PATH, headers } = transport?.webSocket ?? {}
  const lookup = knownAddress(address)
  const wsOptions = { ...tls, ...from, ...(headers ? { headers: { ...headers } } : {}), lookup }
  // By name, for the Host header and the certificate's check.
  return { protocol, host, hostname: host, port, path, ...tls, wsOptions } as Options
}

function tlsOptions({ host, address, certificate }: Route, transport: TransportSpec | undefined) {
  const { ca, cert, key, alpn, servername, insecure = false } = transport?.tls ?? {}
  // An address is no server name (RFC 6066 §3): then the certificate is checked for the address itself.
  const name = servername ?? (host === address ? undefined : host)
  return {
    rejectUnauthorized: !insecure,
    ...(name === undefined ? {} : { servername: name }),
    ca,
    cert: certificate?.cert ?? cert,
    key: certificate?.key ?? key,
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
 * Makes the client, which connects at once. Plain TCP streams are made here if a source address is set, and WebSockets to
 * learn when they open.
 */
export function makeMqttClient(options: Options, onOpen: () => void): MqttClient {
  const { protocol, localAddress } = options
  if (protocol === 'ws' || protocol === 'wss')
    return connect({ ...options, createWebsocket: webSocketMaker(onOpen) })
  if (protocol !== 'mqtt' || localAddress === undefined) return connect(options)
  return new MqttClient(({ options: { host, port } }) => {
    return connectSocket({ host: host!, port: port!, localAddress })
  }, options)
}

function webSocketMaker(onOpen: () => void): NonNullable<IClientOptions['createWebsocket']> {
  return (url, protocols, { wsOptions }) => {
    const socket = new WebSocket(url, protocols, wsOptions as WebSocketOptions)
    socket.once('open', onOpen)
    return socket
  }
}
