import type { IClientOptions, MqttClient } from 'mqtt'
import { addressRange, endpointOf } from '../transport/address-range.ts'
import type { Route } from '../transport/connection.ts'
import { proxyHeader } from '../transport/proxy-protocol.ts'
import type { ClientAccess, Target } from '../types.ts'

/** Makes a client of the mqtt package that connects at once, over the transport and as the user of `access`. */
export type Connect = (
  target: Target,
  access: ClientAccess | undefined,
  options: IClientOptions,
) => MqttClient

/** Loads the package, which takes some tenths of a second. */
export async function loadConnect(): Promise<Connect> {
  const { makeMqttClient, transportOptions } = await import('../engine/mqttjs/transport.ts')
  return (target, access = {}, options) => {
    const { transport, username, password } = access
    return makeMqttClient(
      { ...transportOptions(routeOf(target, access), transport), username, password, ...options },
      () => {},
    )
  }
}

/** A name is resolved by the package. Behind a proxy it is the first client that comes. */
function routeOf({ host, port }: Target, { transport, certificate }: ClientAccess): Route {
  const { proxyProtocol } = transport ?? {}
  if (!proxyProtocol) return { host, address: host, port, ...(certificate && { certificate }) }
  const { version, sources } = proxyProtocol
  const source = endpointOf(addressRange('transport.proxyProtocol.sources', sources), 0)
  const preamble = proxyHeader(version, source, { address: host, port })
  return { host, address: host, port, preamble, ...(certificate && { certificate }) }
}
