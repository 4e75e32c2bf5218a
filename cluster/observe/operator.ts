import type { OperatorEvent } from '#weir/facts/index.ts'
import type { Deployment, Pod } from '../kubernetes/kinds.ts'
import { resources } from '../kubernetes/resources.ts'
import type { KubeApi } from '../kubernetes/types.ts'
import type { OperatorFound, Untimed } from '../types.ts'
import { blockedBy } from './blocked.ts'

export type OperatorState = Untimed<OperatorEvent>

/** The Deployment of an operator, and why a pod of it does not run, so far as the user may see its pods. */
export async function readOperator(
  kube: KubeApi,
  { namespace, name }: NonNullable<OperatorFound['deployment']>,
): Promise<OperatorState> {
  const { spec, status } = await kube.get<Deployment>(resources.deployments, namespace, name)
  const wanted = spec.replicas ?? 1
  const available = status?.availableReplicas ?? 0
  const why = available < wanted ? await whyNot(kube, namespace, spec.selector?.matchLabels ?? {}) : undefined
  return { type: 'operator', deployment: `${namespace}/${name}`, wanted, available, ...(why && { why }) }
}

async function whyNot(
  kube: KubeApi,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  const pods = await kube.list<Pod>(resources.pods, { namespace, labelSelector }).catch(() => undefined)
  return pods?.items.flatMap(({ metadata, status }) => {
    const blocked = blockedBy(status)
    return blocked === undefined ? [] : [`pod ${metadata.name}: ${blocked}`]
  })[0]
}
