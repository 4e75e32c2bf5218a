import { type Answering, answering, answeringNamesLast, targetName } from '#weir/bench/index.ts'
import type { Target } from '#weir/bench/types.ts'
import type { ServiceFound } from '#weir/cluster/index.ts'
import type { AddressKind } from '#weir/facts/index.ts'

/** Where clients connect: `given` by the user, or the addresses of one kind of a Service. */
export interface ClientAddresses extends Answering {
  kind: AddressKind | 'given'
}

/** Addresses for clients outside the cluster come first. */
const ORDER: readonly AddressKind[] = ['loadBalancer', 'externalIP', 'nodePort', 'clusterIP']

/** More are counted. */
const SHOWN = 3

/**
 * Chooses the addresses for the clients: of the chosen kind, else of the first of which one accepts a TCP connection from here, which no address
 * of a stopped cluster does. Returns the reason as text if there is none.
 */
export async function chooseAddresses(
  { addresses, missing }: Pick<ServiceFound, 'addresses' | 'missing'>,
  chosen: AddressKind | undefined,
  { isStopped = false }: { isStopped?: boolean } = {},
): Promise<ClientAddresses | string> {
  const why: string[] = []
  for (const kind of chosen === undefined ? ORDER : [chosen]) {
    const candidates = addresses.filter((one) => one.kind === kind).map(({ host, port }) => ({ host, port }))
    const found = isStopped
      ? allOf(candidates)
      : await (kind === 'nodePort' ? answeringNamesLast : answering)(candidates)
    if (found.answered.length > 0) return { kind, ...found }
    why.push(
      candidates.length > 0
        ? `${kind}: ${silentText(found)}`
        : (missing.find((one) => one.kind === kind)?.why ?? `it has no ${kind}`),
    )
  }
  return [...new Set(why)].join('; ')
}

/** The same for addresses that the user gave. */
export async function chooseGiven(
  addresses: readonly Target[],
  { isStopped = false }: { isStopped?: boolean } = {},
): Promise<ClientAddresses | string> {
  const found = isStopped ? allOf(addresses) : await answering(addresses)
  return found.answered.length > 0 ? { kind: 'given', ...found } : silentText(found)
}

const allOf = (targets: readonly Target[]): Answering => ({ answered: [...targets], silent: [] })

/** e.g. "10.0.0.4:31883 and 2 more". */
export const targetsText = (targets: readonly Target[]): string => {
  const shown = targets.slice(0, SHOWN).map(targetName).join(', ')
  return targets.length > SHOWN ? `${shown} and ${targets.length - SHOWN} more` : shown
}

/** e.g. "10.0.0.4:31883 (ECONNREFUSED) does not accept connections". */
export function silentText({ silent }: Pick<Answering, 'silent'>): string {
  const shown = silent.slice(0, SHOWN).map(({ target, why }) => `${targetName(target)} (${why})`)
  const more = silent.length > SHOWN ? ` and ${silent.length - SHOWN} more` : ''
  return `${shown.join(', ')}${more} ${silent.length === 1 ? 'does' : 'do'} not accept connections`
}
