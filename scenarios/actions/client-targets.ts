import { isIP } from 'node:net'
import { answering, answeringNamesLast } from '#weir/bench/index.ts'
import type { FleetSpec, Target } from '#weir/bench/types.ts'
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
  const areNodes = kind === 'nodePort' && !run.cluster.wayIn.addresses
  const all = areNodes ? withoutNames(addresses) : addresses
  if (addresses.length < 2 || run.fleetPods) return { targets: all, spares: 0 }
  const { answered, silent } = await (areNodes ? answeringNamesLast : answering)(addresses)
  if (answered.length === 0) return { targets: all, spares: 0 }
  const spares = silent.map(({ target }) => target)
  const others = areNodes ? withoutNames(spares) : spares
  return { targets: [...answered, ...others], spares: others.length }
}

/** Names of nodes lead to the same machines as their addresses, and need not resolve everywhere. */
function withoutNames(targets: Target[]): Target[] {
  const numbers = targets.filter(({ host }) => isIP(host) !== 0)
  return numbers.length > 0 ? numbers : targets
}
