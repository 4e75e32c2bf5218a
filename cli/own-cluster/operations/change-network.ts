import {
  askedAnnotations,
  type Cluster,
  externalServiceName,
  type Finding,
  resolvePorts,
  servingPods,
} from '#weir/cluster/index.ts'
import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { isOf } from '#weir/cluster/observe/scope.ts'
import type { EmqxLicence } from '#weir/cluster/types.ts'
import { usageError, WeirError } from '#weir/errors/index.ts'
import type { NetworkEvent } from '#weir/facts/index.ts'
import { annotationsFor, guardNetwork, type Policy, readPolicy } from '#weir/preflight/index.ts'
import { withoutSecrets } from '#weir/record/index.ts'
import { exposing } from '#weir/scenarios/index.ts'
import type { Output } from '../../output.ts'
import type { JudgedRun } from '../../run/judged-after.ts'
import { type NetworkFlags, wantedNetwork } from './network-flags.ts'
import { operateAndJudge } from './operate.ts'
import { before, type Operation, type OperationRequest } from './operation.ts'

export interface NetworkRequest extends OperationRequest, NetworkFlags {
  by: NetworkEvent['by']
  'accept-ip-change'?: boolean | undefined
}

/** Changes how clients from outside reach the user's cluster, as `operateAndJudge` does. */
export function changeNetworkAndJudge(
  request: NetworkRequest,
  output: Output,
): Promise<JudgedRun | undefined> {
  const { by, clients, 'accept-ip-change': acceptsIpChange = false } = request
  const { network, ports: wanted, annotations: given } = wantedNetwork(request)
  if (given === undefined && readPolicy(request.policy).loadBalancers === undefined)
    throw usageError("a load balancer needs --annotations, '{}' for none: its cloud reads them")
  // Those of the policy go by the number of connections, which the guard reads.
  let annotations = given ?? {}
  const change: Operation = {
    name: 'network',
    inputs: {
      type: network,
      by,
      ports: wanted,
      ...(given && (withoutSecrets({ annotations: given }) as object)),
      acceptsIpChange,
    },
    async guard({ cluster, resource, discovery: { licence } }, policy) {
      if (given === undefined) annotations = ofPolicy(policy, licence)
      const { operators, own, others } = await servicesOf(cluster, resource)
      const resolved = operators.found
        ? resolvePorts(wanted, by, operators.found)
        : { ports: [], lacking: [] }
      const had = by === 'operator' ? cluster.dialect.serviceAnnotations(resource) : askedAnnotations(own)
      const { what, settled, condition } = before(cluster, resource)
      guardNetwork({
        what,
        settled,
        condition,
        network,
        by,
        annotations,
        ...resolved,
        operators,
        own,
        others,
        had,
        externalTrafficPolicy: request['external-traffic-policy'],
        acceptsIpChange,
      })
    },
    async scenario(cluster, resource) {
      const { operators, own, headless } = await servicesOf(cluster, resource)
      const found = operators.found!
      const from = (by === 'operator' ? found : own)?.spec.type ?? 'ClusterIP'
      return exposing({
        ...{
          dialect: cluster.dialect.id,
          clients,
          from: from as NetworkEvent['network'],
          to: network,
          servedBy: by,
        },
        ports: resolvePorts(wanted, by, found).ports,
        annotations,
        selector: servingPods(cluster.name, found, headless),
        loadBalancerClass: request['load-balancer-class'],
        externalTrafficPolicy: request['external-traffic-policy'],
      })
    },
  }
  return operateAndJudge(change, request, output)
}

/** The annotations of the first rule for as many connections as EMQX allows. Throws WEIR_REFUSED. */
function ofPolicy(policy: Policy, licence: Finding<EmqxLicence>): Record<string, string> {
  if (licence.found) return annotationsFor(policy, licence.found.most)
  throw new WeirError(
    'WEIR_REFUSED',
    `the policy's loadBalancers go by the number of connections, which EMQX does not tell (rule licence-known): ${licence.why}; give --annotations`,
  )
}

/** The Services that say how clients come in. */
async function servicesOf({ kube, namespace, name, dialect }: Cluster, resource: KubeObject) {
  const { items } = await kube.list<Service>(resources.services, { namespace })
  const all = items.filter(({ metadata }) => isOf(name)(metadata))
  const called = (service: string) => all.find(({ metadata }) => metadata.name === service)
  const operators = dialect.listenersService(resource)
  const [found, own] = [called(operators), called(externalServiceName(name))]
  const finding: Finding<Service> = found
    ? { found, how: operators }
    : { why: `there is no Service ${operators}` }
  const others = all.filter((one) => one !== found && one !== own)
  return { operators: finding, own, others, headless: called(`${name}-headless`) }
}
