import { accepts } from '#weir/bench/index.ts'
import type { ServiceFound } from '#weir/cluster/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'

type Kind = Scenario['fleet']['connection']

export interface ClientAddress {
  kind: Kind
  host: string
  port: number
}

/** Addresses for clients outside the cluster come first. */
const ORDER: readonly Kind[] = ['loadBalancer', 'nodePort', 'clusterIP']

/**
 * Chooses the address for the clients: of the chosen kind, else the first that accepts a TCP connection from here, which no address of a
 * stopped cluster does. Returns the reason as text if there is none.
 */
export async function chooseAddress(
  { addresses, missing }: ServiceFound,
  chosen: Kind | undefined,
  { isStopped = false }: { isStopped?: boolean } = {},
): Promise<ClientAddress | string> {
  const why: string[] = []
  for (const kind of chosen === undefined ? ORDER : [chosen]) {
    const address = addresses.find((one) => one.kind === kind)
    if (address && (isStopped || (await accepts(address.host, address.port)))) return { ...address, kind }
    why.push(
      address
        ? `${kind} ${address.host}:${address.port} does not accept connections`
        : (missing.find((one) => one.kind === kind)?.why ?? `it has no ${kind}`),
    )
  }
  return why.join('; ')
}
