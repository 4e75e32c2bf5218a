import { spawnSync } from 'node:child_process'
import { networkInterfaces } from 'node:os'
import { WeirError } from '#weir/errors/index.ts'

/** Of the one node: API server, node ports, DNS, webhooks. */
export const NODE_IP = '10.244.0.1'
/** Pods get .2 to .254. */
export const POD_PREFIX = '10.244.1.'
export const SERVICE_RANGE = '10.96.0.0/16'
/** Of the Service default/kubernetes: the first address of the range. */
export const API_SERVICE_IP = '10.96.0.1'
const SERVICE_PREFIX = '10.96.'
/** Beside the range, from which the API server chooses. */
export const LOAD_BALANCER_PREFIX = '10.97.0.'
const POD_RANGE = '10.244.0.0/16'

/** Whether a Service address is one that programs in the namespace can listen on. */
export const isServiceAddress = (address: string): boolean =>
  address.startsWith(SERVICE_PREFIX) || address.startsWith(LOAD_BALANCER_PREFIX)

/**
 * The commands of ip(8) that make the network of an empty namespace. Endpoints may not hold loopback addresses, so pods have addresses of
 * a network as clusters use it. Routes make all of its addresses the namespace's own, as those of 127.0.0.0/8 are everywhere, without a
 * device that the kernel may not have.
 */
export const NETWORK_COMMANDS = [
  'link set lo up',
  `address add ${NODE_IP}/32 dev lo`,
  `route add local ${POD_RANGE} dev lo src ${NODE_IP}`,
  `route add local ${SERVICE_RANGE} dev lo src ${NODE_IP}`,
  `route add local ${LOAD_BALANCER_PREFIX}0/24 dev lo src ${NODE_IP}`,
] as const

/** Makes the network of the namespace that this process is in. Throws WEIR_CONTROL_PLANE where the namespace is not an empty one. */
export function makeNetwork(): void {
  const [device] = Object.keys(networkInterfaces())
  if (device !== undefined)
    throw new WeirError(
      'WEIR_CONTROL_PLANE',
      `the network namespace of process ${process.pid} is in use (${device}): start the testbed control-plane with "weir run" or "weir testbed up", which make a namespace of their own`,
    )
  const input = NETWORK_COMMANDS.join('\n')
  const { status, stderr, error } = spawnSync('ip', ['-batch', '-'], { input })
  if (status !== 0)
    throw new WeirError(
      'WEIR_CONTROL_PLANE',
      `ip cannot make the cluster's network: ${error?.message ?? stderr.toString().trim()}`,
    )
}
