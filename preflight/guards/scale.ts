import type { Finding } from '#weir/cluster/index.ts'
import { type Before, type Broken, guarded, running } from './guard.ts'
import type { Policy } from './policy.ts'

export interface ScaleRequest extends Before {
  /** How many nodes accept clients, before and afterwards. */
  from: number
  to: number
  /** Cores beside replicants. */
  others: number
  /** Nodes that go are deleted with their clients on them, instead of being evacuated first. */
  raw: boolean
  /** Whether its EMQX can evacuate a node, and how that is known. */
  evacuation: Finding<boolean>
  /** Clients and sessions a second that the resource names; 0 where it names none. */
  connEvictRate: number
  sessEvictRate: number
}

/** Whether a cluster may have another number of nodes. Throws WEIR_REFUSED. */
export const guardScale = (request: ScaleRequest, policy: Policy): void =>
  guarded(request, 'scaled', [
    anotherNumber(request),
    inBounds(request, policy),
    running(request),
    ...(request.to < request.from && !request.raw ? ofEvacuation(request) : []),
  ])

const anotherNumber = ({ from, to }: ScaleRequest): Broken | undefined =>
  to === from ? { rule: 'no-change', figures: `it has ${from} nodes already` } : undefined

function inBounds({ to, others }: ScaleRequest, { nodes: { most } }: Policy): Broken | undefined {
  if (to >= 1 && to + others <= most) return undefined
  return {
    rule: 'node-count',
    figures: `${to}${others > 0 ? ` and ${others} cores` : ''} is not from 1 to ${most} nodes`,
  }
}

/** What weir needs to evacuate a node before its pod is deleted; the alternative is always --raw. */
function ofEvacuation({ from, to, others, evacuation, ...rates }: ScaleRequest): (Broken | undefined)[] {
  const { connEvictRate, sessEvictRate } = rates
  const unless = 'or add --raw to delete nodes with their clients on them'
  return [
    others > 0
      ? {
          rule: 'ordered-nodes',
          figures: `its replicants belong to a ReplicaSet, of which Kubernetes deletes pods in an order of its own: add --raw to let it`,
        }
      : undefined,
    from - to > 1
      ? {
          rule: 'one-node',
          figures: `from ${from} to ${to} nodes clients of the first would move to one that goes too: scale to ${from - 1} first, ${unless}`,
        }
      : undefined,
    evacuation.found === true
      ? undefined
      : {
          rule: 'evacuation',
          figures: `${evacuation.found === undefined ? evacuation.why : evacuation.how}: make it able to evacuate, ${unless}`,
        },
    connEvictRate > 0 && sessEvictRate > 0
      ? undefined
      : {
          rule: 'rates',
          figures: `it names ${connEvictRate} connections and ${sessEvictRate} sessions a second for evacuations: set its evacuationStrategy, ${unless}`,
        },
  ]
}
