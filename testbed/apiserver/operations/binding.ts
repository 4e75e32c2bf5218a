import { timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Context } from '../context.ts'
import { badRequest, conflict, notFound } from '../errors.ts'
import { listAt, textAt } from '../json.ts'
import type { ResourceType } from '../resource-type.ts'

/** POST pods/binding: names the pod's node and marks it PodScheduled, in one write. A bound pod is a 409. */
export function bindPod(
  context: Context,
  type: ResourceType,
  namespace: string | undefined,
  name: string,
  binding: unknown,
): KubeObject {
  const pod = context.store.get(type.bucket, namespace, name)
  if (!pod) throw notFound(type, name)
  const nodeName = textAt(binding, 'target', 'name')
  if (!nodeName) throw badRequest('Binding.target.name: Required value')
  if (pod.metadata.deletionTimestamp)
    throw conflict(type, name, `pod ${name} is being deleted, cannot be assigned to a host`)
  const bound = textAt(pod, 'spec', 'nodeName')
  if (bound) throw conflict(type, name, `pod ${name} is already assigned to node "${bound}"`)
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timestamp(),
  }
  const others = listAt(pod, 'status', 'conditions').filter((condition) => condition.type !== 'PodScheduled')
  return context.store.put(type.bucket, {
    ...pod,
    spec: { ...(pod.spec as object), nodeName },
    status: { ...(pod.status as object), conditions: [...others, scheduled] },
  })
}
