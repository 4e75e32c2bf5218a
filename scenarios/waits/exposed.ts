import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { EndpointSlice, Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { NetworkType } from '#weir/facts/index.ts'
import type { Run } from '../run/run.ts'
import { running } from './running.ts'
import type { Wait } from './wait.ts'

/** The Service has the type that was asked for, with its addresses, and leads to pods; or clients from outside have no Service any more. */
export const exposed: Wait = {
  everyMs: 300,
  async poll(run) {
    const { network } = run.state
    if (!network) return 'the network has not been changed'
    const { asked } = network
    const { kube, namespace } = run.cluster
    const service = await unlessGone(kube.get<Service>(resources.services, namespace, asked.service))
    if (asked.network === 'ClusterIP' && asked.by === 'weir')
      return service ? `Service ${asked.service} is still there` : undefined
    if (!service) return `there is no Service ${asked.service}`
    return lacks(service, asked.network) ?? (await leadsNowhere(run, asked.service))
  },
  after: running.after,
}

function lacks({ metadata, spec, status }: Service, network: NetworkType): string | undefined {
  const what = `Service ${metadata.name}`
  if (spec.type !== network) return `${what} is still of type ${spec.type}`
  if (network === 'NodePort' && !spec.ports?.every(({ nodePort }) => nodePort))
    return `${what} has no node ports yet`
  const ingress = status?.loadBalancer?.ingress ?? []
  return network === 'LoadBalancer' && ingress.length === 0
    ? `${what} is of type LoadBalancer and has no address of one yet`
    : undefined
}

async function leadsNowhere({ cluster }: Run, service: string): Promise<string | undefined> {
  const { items } = await cluster.kube.list<EndpointSlice>(resources.endpointSlices, {
    namespace: cluster.namespace,
    labelSelector: `kubernetes.io/service-name=${service}`,
  })
  const isServed = items.some(({ endpoints }) =>
    endpoints?.some(({ conditions }) => conditions?.ready !== false),
  )
  return isServed ? undefined : `Service ${service} leads to no pod yet`
}
