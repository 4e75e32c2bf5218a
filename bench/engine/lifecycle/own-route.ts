import { type AddressRange, addressRange, endpointOf } from '../../transport/address-range.ts'
import type { Route } from '../../transport/connection.ts'
import { proxyHeader } from '../../transport/proxy-protocol.ts'
import type { ShardSpec } from '../shard-spec.ts'
import type { FleetClient } from './fleet-client.ts'

type Place = Pick<Route, 'host' | 'address' | 'port'>

/** What a client's connection has of its own beside the target: source address, certificate, and the header of a proxy. */
export class OwnRoutes {
  readonly #spec: ShardSpec
  readonly #range: AddressRange | undefined

  constructor(spec: ShardSpec) {
    this.#spec = spec
    const { proxyProtocol } = spec.transport ?? {}
    this.#range = proxyProtocol && addressRange('transport.proxyProtocol.sources', proxyProtocol.sources)
  }

  of({ index, slot }: FleetClient, { host, address, port }: Place): Route {
    const { sourceAddresses, credentials, transport } = this.#spec
    const route: Route = { host, address, port }
    if (sourceAddresses) route.localAddress = sourceAddresses[index % sourceAddresses.length]!
    if (credentials?.certificates) route.certificate = credentials.certificates[slot]!
    if (this.#range)
      route.preamble = proxyHeader(transport!.proxyProtocol!.version, endpointOf(this.#range, index), {
        address,
        port,
      })
    return route
  }
}
