import { IN_CLUSTER } from '#weir/cluster/kubernetes/connection.ts'
import { usageError, weirVersion } from '#weir/errors/index.ts'
import type { FleetJobWish } from '#weir/preflight/index.ts'
import type { FleetJobRequest } from '#weir/scenarios/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import type { FleetFlags } from '../options.ts'
import type { Output } from '../output.ts'

/** The pods that the flags ask for; undefined for a fleet in this process. Throws WEIR_USAGE. */
export function podsOf({ fleet, pods, ...rest }: FleetFlags, clients: number): number | undefined {
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

/** The image by which pods of a testbed run this weir. */
export const ownTestbedImage = (): string => `weir:${weirVersion()}`

/** Pods of a testbed, which run this weir. Throws WEIR_USAGE where there are none. */
export function testbedFleetJob(
  { testbed: { kind } }: Scenario,
  pods: number | undefined,
  flags: FleetFlags,
): FleetJobRequest | undefined {
  if (pods === undefined) return undefined
  if (kind === 'embedded')
    throw usageError(
      'the embedded cluster has no Job controller, and --fleet job needs one: use --testbed control-plane or kind, or a cluster of your own',
    )
  return { pods, image: flags['fleet-image'] ?? ownTestbedImage() }
}

/** Pods of a user's cluster, as the checks before a run need to know them. */
export function ownFleetJob(
  pods: number | undefined,
  kubeconfig: string,
  flags: FleetFlags,
  env: Output['env'],
): FleetJobWish | undefined {
  if (pods === undefined) return undefined
  // Kubernetes names a pod's host after the pod.
  const ownPod = kubeconfig === IN_CLUSTER ? env.HOSTNAME : undefined
  return { pods, image: flags['fleet-image'], ownPod }
}
