import { lookup } from 'node:dns/promises'
import { WeirError } from '#weir/errors/index.ts'
import type { ShardTarget } from '../engine/shard-spec.ts'
import { knock } from '../transport/knock.ts'
import type { Target } from '../types.ts'

export { targetName } from '../engine/lifecycle/targets.ts'

/** Every target with its address. Throws WEIR_BROKER when a name does not resolve. */
export function resolveTargets(targets: readonly Target[]): Promise<ShardTarget[]> {
  return Promise.all(
    targets.map(async ({ host, port }) => ({ host, port, address: await resolveTarget(host, port) })),
  )
}

/**
 * Resolves a host once for the whole fleet: to the first address that accepts a TCP connection, or the first at all (the
 * broker may be down on purpose). Throws WEIR_BROKER.
 */
export async function resolveTarget(host: string, port: number): Promise<string> {
  const addresses = await lookup(host, { all: true, order: 'ipv4first' }).catch((cause: unknown) => {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new WeirError(
      'WEIR_BROKER',
      `the broker's host "${host}" does not resolve (${code}): check the name, or use an address`,
      { cause },
    )
  })
  const candidates = addresses.map(({ address }) => address)
  if (candidates.length > 1)
    for (const address of candidates) if (await accepts(address, port)) return address
  return candidates[0]!
}

/** Whether a TCP connection to it can be opened from here, within two seconds. */
export async function accepts(address: string, port: number): Promise<boolean> {
  return (await connectMs(address, port)) !== undefined
}

/** How long a TCP handshake with it takes; undefined when there is none within two seconds. */
export async function connectMs(address: string, port: number): Promise<number | undefined> {
  const startMs = performance.now()
  const why = await knock({ host: address, port })
  return why === undefined ? performance.now() - startMs : undefined
}
