import { WeirError } from '#weir/errors/index.ts'

/** Nodes of one cluster, cores and replicants together; an update may have twice as many meanwhile. */
export const MOST_NODES = 7

export interface ScaleRequest {
  /** Of the resource, for the text. */
  what: string
  /** How many nodes accept clients, before and afterwards. */
  from: number
  to: number
  /** Cores beside replicants. */
  others: number
  /** Whether the resource says that nothing is under way. */
  settled: boolean
  /** What it says instead. */
  condition: string | undefined
}

/** Why a cluster may not be scaled so: the rule and the figures. Throws WEIR_REFUSED. */
export function guardScale({ what, from, to, others, settled, condition }: ScaleRequest): void {
  const refuse = (rule: string, figures: string) => {
    throw new WeirError('WEIR_REFUSED', `${what} is not scaled (rule ${rule}): ${figures}`)
  }
  if (to === from) refuse('no-change', `it has ${from} nodes already`)
  if (to < 1 || to + others > MOST_NODES)
    refuse(
      'node-count',
      `${to}${others > 0 ? ` and ${others} cores` : ''} is not from 1 to ${MOST_NODES} nodes`,
    )
  if (!settled)
    refuse(
      'not-running',
      `something is under way (condition ${condition ?? 'none'}): wait until it has ended`,
    )
}
