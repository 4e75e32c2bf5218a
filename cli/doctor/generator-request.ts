import { targetsOf } from '#weir/bench/command/targets.ts'
import { WeirError } from '#weir/errors/index.ts'
import type { GeneratorRequest } from '#weir/preflight/index.ts'
import { CLIENT_FLAGS } from '../client-options.ts'
import { CLUSTER_FLAGS } from '../cluster-options.ts'
import type { DoctorFlags } from '../options.ts'
import { USUAL_CLIENTS } from '../own-cluster/request.ts'

/** The first of what the flags ask for that only a cluster has; undefined where they ask for this machine alone. */
export function askedOfCluster(flags: DoctorFlags): string | undefined {
  if (flags.scenario !== undefined) return `the scenario "${flags.scenario}"`
  if (flags.set.length > 0) return '--set'
  const flag = (['to', ...CLUSTER_FLAGS, ...CLIENT_FLAGS] as const).find((one) => flags[one] !== undefined)
  if (flag !== undefined) return `--${flag}`
  return flags.fleet === 'job' ? '--fleet job' : undefined
}

/** A fleet on this machine without a cluster. Throws WEIR_USAGE. */
export function generatorRequest(flags: DoctorFlags): GeneratorRequest {
  const { clients = USUAL_CLIENTS, hostname, port, ifaddr, processes } = flags
  const asked = askedOfCluster(flags)
  if (asked !== undefined)
    throw new WeirError('WEIR_USAGE', `${asked} needs a cluster: add --kubeconfig FILE`)
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
