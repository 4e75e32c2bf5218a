import {
  type Finding,
  type LimitChange,
  type NoLimitChange,
  type OtherLimit,
  overTotal,
} from '#weir/cluster/index.ts'
import type { EmqxLicence } from '#weir/cluster/types.ts'
import { type Before, type Broken, guarded, running } from './guard.ts'
import { type RuleChange, ruleChange, ruleChangeText } from './load-balancers.ts'
import type { Policy } from './policy.ts'

export interface ConnectionsRequest extends Before {
  /** How many clients may be connected afterwards. */
  to: number
  /** The licence as EMQX tells it now. */
  licence: Finding<EmqxLicence>
  /** The user gives another licence. */
  givesLicence: boolean
  /** How the number is changed, or why it cannot be. */
  change: LimitChange | NoLimitChange
  /** Type of the Service that clients use. */
  service: Finding<{ type: string }>
  /** The address of a LoadBalancer may become another. */
  acceptsIpChange: boolean
  /** What the other clusters have; read only where the policy names a total. */
  others: readonly OtherLimit[]
}

/** Whether a cluster may have another number of connections. Throws WEIR_REFUSED. */
export const guardConnections = (request: ConnectionsRequest, policy: Policy): void =>
  guarded(request, 'given another number of connections', [
    aNumber(request),
    another(request),
    valid(request),
    possible(request),
    ofAllClusters(request, policy),
    sameAddress(request, policy),
    running(request),
  ])

const aNumber = ({ to }: ConnectionsRequest): Broken | undefined =>
  to >= 1 ? undefined : { rule: 'connection-count', figures: `${to} is fewer than 1 connection` }

const another = ({ to, licence }: ConnectionsRequest): Broken | undefined =>
  licence.found?.most === to
    ? { rule: 'no-change', figures: `it allows ${to} connections already` }
    : undefined

function valid({ licence, givesLicence }: ConnectionsRequest): Broken | undefined {
  // What EMQX does not tell before it would not tell afterwards.
  if (licence.found === undefined)
    return { rule: 'licence-known', figures: `its own limit is unknown: ${licence.why}` }
  const { expired, expiresOn } = licence.found
  if (!expired || givesLicence) return undefined
  const since = expiresOn === undefined ? '' : ` on ${expiresOn}`
  return {
    rule: 'licence-valid',
    figures: `its licence has expired${since}: give another with --licence-file`,
  }
}

function possible({ change, licence, givesLicence, to }: ConnectionsRequest): Broken | undefined {
  if ('rule' in change) return change
  const isOfConfiguration = change.resource.kind === 'EMQX' && !givesLicence
  if (!isOfConfiguration || licence.found?.isConfigurable) return undefined
  return {
    rule: 'licence-configurable',
    figures: `its licence fixes ${licence.found?.most} connections, and no configuration makes them ${to}: give another with --licence-file`,
  }
}

const ofAllClusters = ({ to, others }: ConnectionsRequest, { licence }: Policy): Broken | undefined =>
  licence === undefined ? undefined : overTotal({ connections: to, total: licence.total }, others)

/** What becomes of the load balancer of a cluster that has one, where the policy has rules for it. */
export function loadBalancerChange(
  { service, licence, to }: Pick<ConnectionsRequest, 'service' | 'licence' | 'to'>,
  policy: Policy,
): RuleChange | undefined {
  if (service.found?.type !== 'LoadBalancer' || licence.found === undefined) return undefined
  return ruleChange(policy, licence.found.most, to)
}

/**
 * Where the policy has rules and both numbers get the same annotations, nothing of the Service is written: its address must stay, so no flag is
 * needed, and the run is judged by it. Without rules nobody knows.
 */
function sameAddress(request: ConnectionsRequest, policy: Policy): Broken | undefined {
  const { service, acceptsIpChange, to } = request
  if (acceptsIpChange) return undefined
  const unless = 'add --accept-ip-change if clients can bear another address'
  if (service.found === undefined)
    return { rule: 'ip-change', figures: `the type of its Service is unknown, ${service.why}: ${unless}` }
  if (service.found.type !== 'LoadBalancer') return undefined
  const change = loadBalancerChange(request, policy)
  if (change === undefined)
    return {
      rule: 'ip-change',
      figures: `its Service is a LoadBalancer, whose address may change with the number of connections: ${unless}`,
    }
  if (Object.keys(change.annotations).length === 0) return undefined
  return {
    rule: 'ip-change',
    figures: `its Service is a LoadBalancer, and ${ruleChangeText(change, to)}: ${unless}`,
  }
}
