import { targetsOf } from '#weir/bench/command/targets.ts'
import { WeirError } from '#weir/errors/index.ts'
import type { GeneratorRequest } from '#weir/preflight/index.ts'
import { CLUSTER_FLAGS } from '../cluster-options.ts'
import type { DoctorFlags } from '../options.ts'
import { USUAL_CLIENTS } from '../own-cluster/request.ts'

/** Flags that need a cluster. */
const OF_A_CLUSTER = ['to', ...CLUSTER_FLAGS] as const

/** A fleet on this machine without a cluster. Throws WEIR_USAGE. */
export function generatorRequest(flags: DoctorFlags): GeneratorRequest {
  const { scenario, set, clients = USUAL_CLIENTS, hostname, port, ifaddr, processes } = flags
  if (scenario !== undefined) throw noCluster(`the scenario "${scenario}"`)
  if (set.length > 0) throw noCluster('--set')
  for (const flag of OF_A_CLUSTER) if (flags[flag] !== undefined) throw noCluster(`--${flag}`)
  if (flags.fleet === 'job') throw noCluster('--fleet job')
  whole('--clients', clients)
  if (processes !== undefined) whole('--processes', processes)
  const named = hostname !== undefined || port !== undefined
  return {
    clients,
    targets: named ? targetsOf({ hostname, port }) : undefined,
    sourceAddresses: ifaddr?.flatMap((list) => list.split(',')),
    processes,
  }
}

function whole(flag: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value >= 1))
    throw new WeirError('WEIR_USAGE', `${flag} is ${value}: it must be a whole number of at least 1`)
}

function noCluster(what: string): WeirError {
  return new WeirError('WEIR_USAGE', `${what} needs a cluster: add --kubeconfig FILE`)
}
