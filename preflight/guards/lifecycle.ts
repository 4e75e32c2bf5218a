import type { Sizes } from '#weir/cluster/index.ts'
import { type Before, type Broken, guarded } from './guard.ts'
import type { Policy } from './policy.ts'

export interface Stopping extends Before {
  /** The resource says that an update is under way. */
  updating: boolean
  sizes: Sizes
}

export interface Starting extends Before {
  sizes: Sizes
  /** Asked for, or remembered from the stop. */
  to: Sizes | undefined
}

export interface Deleting extends Stopping {
  name: string
  /** The name that the user confirmed. */
  confirmed: string
}

const nodesOf = ({ cores, replicants }: Sizes) => cores + replicants

/** Whether a cluster may be stopped. Throws WEIR_REFUSED. */
export const guardStop = (request: Stopping): void =>
  guarded(request, 'stopped', [
    nodesOf(request.sizes) === 0 ? { rule: 'no-change', figures: 'it has no nodes already' } : undefined,
    notUpdating(request),
  ])

/** Whether a stopped cluster may be started. Throws WEIR_REFUSED. */
export const guardStart = (request: Starting, policy: Policy): void =>
  guarded(request, 'started', [
    nodesOf(request.sizes) > 0
      ? { rule: 'no-change', figures: `it has ${nodesOf(request.sizes)} nodes already` }
      : undefined,
    request.to === undefined
      ? { rule: 'size-known', figures: 'nobody remembers how many nodes it had: say it with --cores' }
      : inBounds(request.to, policy),
  ])

/** Whether a cluster may be deleted. Throws WEIR_REFUSED. */
export const guardDelete = (request: Deleting): void =>
  guarded(request, 'deleted', [
    request.confirmed === request.name
      ? undefined
      : { rule: 'confirmation', figures: `its name is ${request.name}, not ${request.confirmed}` },
    notUpdating(request),
  ])

/** A broken cluster may be stopped and deleted; one in the middle of an update would have its sets swapped. */
const notUpdating = ({ updating, condition }: Stopping): Broken | undefined =>
  updating
    ? {
        rule: 'not-running',
        figures: `an update is under way (condition ${condition ?? 'none'}): wait until it has ended`,
      }
    : undefined

function inBounds(sizes: Sizes, { nodes: { most } }: Policy): Broken | undefined {
  const nodes = nodesOf(sizes)
  return nodes >= 1 && nodes <= most && sizes.cores >= 1
    ? undefined
    : { rule: 'node-count', figures: `${nodes} is not from 1 to ${most} nodes with at least one core` }
}
