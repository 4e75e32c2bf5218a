import { accepts } from '#weir/bench/index.ts'
import type { ServiceFound } from '#weir/cluster/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'

type Kind = Scenario['fleet']['connection']

/** Where clients connect, and which of the Service's kinds of address that is. */
export interface ClientAddress {
  kind: Kind
  host: string
  port: number
}

/** What is made for clients from outside comes first; a cluster IP leads somewhere only within. */
const ORDER: readonly Kind[] = ['loadBalancer', 'nodePort', 'clusterIP']

/**
 * The address that clients will use: of the kind that the user chose, else the first that accepts a TCP connection from
 * here. Text says why there is none.
 */
export async function chooseAddress(
  { addresses, missing }: ServiceFound,
  chosen: Kind | undefined,
): Promise<ClientAddress | string> {
  const why: string[] = []
  for (const kind of chosen === undefined ? ORDER : [chosen]) {
    const address = addresses.find((one) => one.kind === kind)
    if (address && (await accepts(address.host, address.port))) return { ...address, kind }
    why.push(
      address
        ? `${kind} ${address.host}:${address.port} does not accept connections`
        : (missing.find((one) => one.kind === kind)?.why ?? `it has no ${kind}`),
    )
  }
  return why.join('; ')
}
