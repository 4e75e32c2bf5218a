import type { Finding, RebalanceRequest } from '#weir/cluster/index.ts'
import { type Before, type Broken, guarded, running } from './guard.ts'

export interface RebalanceAsked extends Before {
  request: Omit<RebalanceRequest, 'nodes'>
  /** The shortest wait that its EMQX accepts. */
  leastWaitSeconds: number
  /** Whether its EMQX can move clients away from a node, and how that is known. */
  evacuation: Finding<boolean>
  /** Evacuations and rebalances that have not ended, in words. */
  underWay: Finding<readonly string[]>
}

/** Whether a cluster may be rebalanced. Throws WEIR_REFUSED. */
export const guardRebalance = (asked: RebalanceAsked): void =>
  guarded(asked, 'rebalanced', [
    ...rates(asked),
    ...thresholds(asked),
    enterprise(asked),
    running(asked),
    alone(asked),
  ])

const wrong = (rule: string, name: string, value: number, is: string): Broken => ({
  rule,
  figures: `${name} ${value} is not ${is}`,
})

const rates = ({ request, leastWaitSeconds }: RebalanceAsked): (Broken | undefined)[] =>
  (
    [
      ['--conn-evict-rate', request.connEvictRate, 1],
      ['--sess-evict-rate', request.sessEvictRate, 1],
      ['--wait-health-check', request.waitHealthCheckSeconds, leastWaitSeconds],
      ['--wait-takeover', request.waitTakeoverSeconds, leastWaitSeconds],
    ] as const
  ).map(([name, value, least]) =>
    Number.isInteger(value) && value >= least
      ? undefined
      : wrong('rates', name, value, `a whole number of at least ${least}`),
  )

const thresholds = ({ request }: RebalanceAsked): (Broken | undefined)[] => [
  ...(
    [
      ['--abs-conn-threshold', request.absConnThreshold],
      ['--abs-sess-threshold', request.absSessThreshold],
    ] as const
  ).map(([name, value]) =>
    Number.isInteger(value) && value >= 1
      ? undefined
      : wrong('thresholds', name, value, 'a whole number above 0'),
  ),
  ...(
    [
      ['--rel-conn-threshold', request.relConnThreshold],
      ['--rel-sess-threshold', request.relSessThreshold],
    ] as const
  ).map(([name, value]) =>
    Number.isFinite(value) && value > 1 ? undefined : wrong('thresholds', name, value, 'a number above 1'),
  ),
]

function enterprise({ evacuation }: RebalanceAsked): Broken | undefined {
  if (evacuation.found === true) return undefined
  return {
    rule: 'enterprise',
    figures: `${evacuation.found === undefined ? evacuation.why : evacuation.how}: only EMQX Enterprise moves clients between nodes`,
  }
}

/** EMQX serves one process on a node at a time. What cannot be known is not taken for none. */
function alone({ underWay }: RebalanceAsked): Broken | undefined {
  if (underWay.found === undefined)
    return {
      rule: 'alone',
      figures: `whether something moves its clients already is unknown: ${underWay.why}`,
    }
  if (underWay.found.length === 0) return undefined
  return { rule: 'alone', figures: `${underWay.found.join(', ')}: wait until that has ended` }
}
