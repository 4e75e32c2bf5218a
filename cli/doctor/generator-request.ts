import { targetsOf } from '#weir/bench/command/targets.ts'
import { WeirError } from '#weir/errors/index.ts'
import type { GeneratorRequest } from '#weir/preflight/index.ts'
import { USUAL_CLIENTS } from '../own-cluster/request.ts'
import type { DoctorFlags } from './flags.ts'

/** Flags that say something of a cluster. */
const OF_A_CLUSTER = ['to', 'context', 'namespace', 'name', 'operator'] as const

/** A fleet on this machine without a cluster. Throws WEIR_USAGE. */
export function generatorRequest(flags: DoctorFlags): GeneratorRequest {
  const { scenario, set, clients = USUAL_CLIENTS, hostname, port, ifaddr, processes } = flags
  if (scenario !== undefined) throw noCluster(`the scenario "${scenario}"`)
  if (set.length > 0) throw noCluster('--set')
  for (const flag of OF_A_CLUSTER) if (flags[flag] !== undefined) throw noCluster(`--${flag}`)
  whole('--clients', clients)
  if (processes !== undefined) whole('--processes', processes)
  const named = hostname !== undefined || port !== undefined
  return {
    clients,
    ...(named ? { targets: targetsOf(given({ hostname, port })) } : {}),
    ...(ifaddr ? { sourceAddresses: ifaddr.flatMap((list) => list.split(',')) } : {}),
    ...(processes === undefined ? {} : { processes }),
  }
}

function given({ hostname, port }: Pick<DoctorFlags, 'hostname' | 'port'>) {
  return { ...(hostname === undefined ? {} : { hostname }), ...(port === undefined ? {} : { port }) }
}

function whole(flag: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value >= 1))
    throw new WeirError('WEIR_USAGE', `${flag} is ${value}, and must be a whole number from 1 up`)
}

function noCluster(what: string): WeirError {
  return new WeirError('WEIR_USAGE', `${what} is about a cluster, and none is named: add --kubeconfig FILE`)
}
