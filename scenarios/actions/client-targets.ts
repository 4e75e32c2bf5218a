import { isIP } from 'node:net'
import { answering } from '#weir/bench/index.ts'
import type { Target } from '#weir/bench/types.ts'
import type { AddressKind } from '#weir/facts/index.ts'
import type { Run } from '../run/run.ts'

/**
 * Where clients connect to: the addresses that answer here. Where none does, or where clients connect from pods, which may reach others than
 * this machine does, all of them: they are tried in turn. Throws WEIR_CLUSTER_UNFIT where there is no address within `timeoutMs`.
 */
export async function clientTargets(run: Run, kind: AddressKind, timeoutMs: number): Promise<Target[]> {
  const addresses = await run.cluster.clientAddresses(kind, timeoutMs)
  if (addresses.length < 2) return addresses
  const { answered } = run.fleetPods ? { answered: [] } : await answering(addresses)
  if (answered.length > 0) return answered
  // Names of nodes lead to the same addresses, and need not resolve everywhere.
  const numbers = addresses.filter(({ host }) => isIP(host) !== 0)
  return numbers.length > 0 ? numbers : addresses
}
