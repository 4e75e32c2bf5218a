import { isIP } from 'node:net'
import { WeirError } from '#weir/errors/index.ts'
import { lookUp } from '../engine/lifecycle/host-name.ts'
import type { ShardTarget } from '../engine/shard-spec.ts'
import { knock } from '../transport/knock.ts'
import type { Target } from '../types.ts'

export { targetName } from '../engine/lifecycle/targets.ts'

/** Every target with its addresses. Throws WEIR_BROKER when a name does not resolve. */
export function resolveTargets(targets: readonly Target[]): Promise<ShardTarget[]> {
  return Promise.all(
    targets.map(async ({ host, port }) => {
      const candidates = await addressesOf(host)
      const address = await firstThatAccepts(candidates, port)
      if (isIP(host) !== 0) return { host, port, address }
      const addresses = [
        address,
        ...candidates.filter((one) => one !== address && isIP(one) === isIP(address)),
      ]
      return { host, port, address, addresses }
    }),
  )
}

/**
 * Resolves a host to the first address that accepts a TCP connection, or the first at all (the broker may be down on purpose). Throws
 * WEIR_BROKER.
 */
export const resolveTarget = async (host: string, port: number): Promise<string> =>
  firstThatAccepts(await addressesOf(host), port)

async function firstThatAccepts(candidates: readonly string[], port: number): Promise<string> {
  if (candidates.length > 1)
    for (const address of candidates) if (await accepts(address, port)) return address
  return candidates[0]!
}

/** IPv4 first. Throws WEIR_BROKER. */
function addressesOf(host: string): Promise<readonly string[]> {
  return lookUp(host).catch((cause: unknown) => {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new WeirError(
      'WEIR_BROKER',
      `the broker's host "${host}" does not resolve (${code}): check the name, or use an address`,
      { cause },
    )
  })
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
