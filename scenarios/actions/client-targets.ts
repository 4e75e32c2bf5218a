import { answering } from '#weir/bench/index.ts'
import type { Target } from '#weir/bench/types.ts'
import type { AddressKind } from '#weir/facts/index.ts'
import type { Run } from '../run/run.ts'

/**
 * Where clients connect to: the addresses that answer here. All of them where none does, or where clients connect from pods: those may reach
 * others than this machine does. Throws WEIR_CLUSTER_UNFIT where there is no address within `timeoutMs`.
 */
export async function clientTargets(run: Run, kind: AddressKind, timeoutMs: number): Promise<Target[]> {
  const addresses = await run.cluster.clientAddresses(kind, timeoutMs)
  if (addresses.length < 2 || run.fleetPods) return addresses
  const { answered, silent } = await answering(addresses)
  return answered.length > 0 ? answered : silent.map(({ target }) => target)
}
