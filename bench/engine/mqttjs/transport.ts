import { connect as connectSocket } from 'node:net'
import { connect, type IClientOptions, MqttClient } from 'mqtt'
import { WebSocket, type ClientOptions as WebSocketOptions } from 'ws'
import type { ShardSpec, ShardTarget } from '../shard-spec.ts'

const DEFAULT_PATH = '/mqtt'

/** Where and by what the package connects: its own transports, told the address that was resolved once for the fleet. */
export function transportOptions(index: number, spec: ShardSpec): IClientOptions {
  const target = spec.targets[index % spec.targets.length]!
  const localAddress = spec.sourceAddresses?.[index % spec.sourceAddresses.length]
  const protocol = spec.transport?.protocol ?? 'mqtt'
  const tls = protocol === 'mqtts' || protocol === 'wss' ? tlsOptions(spec) : {}
  const from = localAddress === undefined ? {} : { localAddress }
  const common = { protocol, port: target.port, ...tls }
  if (protocol === 'mqtt' || protocol === 'mqtts')
    return { ...common, ...from, host: target.address, ...servername(spec, target) } as IClientOptions
  const { path = DEFAULT_PATH, headers } = spec.transport?.webSocket ?? {}
  return {
    ...common,
    // By name, for the Host header and the certificate's check; the address is looked up in what is known already.
    host: target.host,
    path,
    wsOptions: {
      ...from,
      ...tls,
      ...(headers ? { headers: { ...headers } } : {}),
      ...servername(spec, target),
      lookup: knownAddress(target),
    },
  } as IClientOptions
}

function tlsOptions({ transport }: ShardSpec) {
  const { ca, cert, key, alpn, insecure = false } = transport?.tls ?? {}
  return {
    rejectUnauthorized: !insecure,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(alpn ? { ALPNProtocols: [...alpn] } : {}),
  }
}

/** An address is no server name (RFC 6066 §3): then the certificate is checked for the address itself. */
function servername({ transport }: ShardSpec, { host, address }: ShardTarget): { servername?: string } {
  if (transport?.protocol !== 'mqtts' && transport?.protocol !== 'wss') return {}
  const name = transport.tls?.servername ?? (host === address ? undefined : host)
  return name === undefined ? {} : { servername: name }
}

type Lookup = (
  host: string,
  options: { all?: boolean },
  answer: (error: null, address: string | { address: string; family: number }[], family?: number) => void,
) => void

function knownAddress({ address }: ShardTarget): Lookup {
  const family = address.includes(':') ? 6 : 4
  return (_host, { all }, answer) =>
    all ? answer(null, [{ address, family }]) : answer(null, address, family)
}

type Options = IClientOptions & { localAddress?: string }

/**
 * Makes the client, which connects at once. The package's plain TCP cannot name a source address, so that stream is made here; and
 * only who makes the WebSocket is told when it stands: `onOpen`.
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
