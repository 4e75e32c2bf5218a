import { isIP } from 'node:net'
import { answering } from '#weir/bench/index.ts'
import type { FleetSpec } from '#weir/bench/types.ts'
import type { AddressKind } from '#weir/facts/index.ts'
import type { Run } from '../run/run.ts'

/** Where clients connect: at first those that answer, and the others once these do not. */
export type ClientTargets = Required<Pick<FleetSpec, 'targets' | 'spares'>>

/**
 * Where clients of this run connect: the addresses that answer here. The others are spares: after a change they may be the ones that lead
 * somewhere. Where none answers, or where clients connect from pods, which may reach others than this machine does, all are tried in turn.
 * Throws WEIR_CLUSTER_UNFIT where there is no address within `timeoutMs`.
 */
export async function clientTargets(run: Run, kind: AddressKind, timeoutMs: number): Promise<ClientTargets> {
  const addresses = await run.cluster.clientAddresses(kind, timeoutMs)
  // Names of nodes lead to the same addresses, and need not resolve everywhere.
  const isNode = kind === 'nodePort' && !run.cluster.wayIn.addresses
  const numbers = isNode ? addresses.filter(({ host }) => isIP(host) !== 0) : addresses
  const targets = numbers.length > 0 ? numbers : addresses
  if (targets.length < 2 || run.fleetPods) return { targets, spares: 0 }
  const { answered, silent } = await answering(targets)
  if (answered.length === 0) return { targets, spares: 0 }
  return { targets: [...answered, ...silent.map(({ target }) => target)], spares: silent.length }
}
