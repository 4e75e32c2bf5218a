import { type Cluster, ownImage } from '#weir/cluster/index.ts'
import { usageError, weirVersion } from '#weir/errors/index.ts'
import type { FleetJobRequest } from '#weir/scenarios/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import type { Output } from '../output.ts'

/** --fleet, --pods, --fleet-image */
export interface FleetFlags {
  fleet: 'process' | 'job'
  pods?: number | undefined
  'fleet-image'?: string | undefined
}

/** The pods that the flags ask for; undefined for a fleet in this process. Throws WEIR_USAGE. */
export function podsOf(
  { fleet, pods, ...rest }: FleetFlags,
  { fleet: { clients } }: Scenario,
): number | undefined {
  const image = rest['fleet-image']
  if (fleet === 'process') {
    const flag = pods !== undefined ? '--pods' : image !== undefined ? '--fleet-image' : undefined
    if (flag) throw usageError(`${flag} is for a fleet in pods: add --fleet job`)
    return undefined
  }
  if (pods === undefined) throw usageError('--fleet job needs --pods: in how many pods the clients run')
  if (!(Number.isInteger(pods) && pods >= 1))
    throw usageError(`--pods takes a whole number from 1, not ${pods}`)
  if (pods > clients)
    throw usageError(
      `--pods ${pods} is more than the ${clients} clients of the fleet: use at most ${clients}`,
    )
  return pods
}

/** The image for which the testbed control-plane runs this weir. */
export const ownTestbedImage = (): string => `weir:${weirVersion()}`

/**
 * A fleet in a user's cluster, with the image that the flag names, or that of the pod which weir runs in. Throws WEIR_USAGE when none is
 * known.
 */
export async function fleetJobOn(
  cluster: Cluster,
  pods: number | undefined,
  flags: FleetFlags & { kubeconfig?: string | undefined },
  env: Output['env'],
): Promise<FleetJobRequest | undefined> {
  if (pods === undefined) return undefined
  const own = flags.kubeconfig === 'in-cluster' ? env.HOSTNAME : undefined
  const image = flags['fleet-image'] ?? (await ownImage(cluster.kube, own))
  if (image === undefined)
    throw usageError(
      'no image of weir is known for the pods of --fleet job: name one with --fleet-image (docs/fleet-job.md)',
    )
  return { pods, image }
}
