import { resources } from '../kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '../kubernetes/types.ts'
import { ownerSet, readPod } from '../observe/pods.ts'
import { instanceSelector } from '../observe/scope.ts'
import type { Dialect, PodTarget } from '../types.ts'
import { type Finding, unknown, wordsOf } from './finding.ts'

/** A pod of the resource that can be asked: a ready one, a core where there are cores. */
export async function findPod(
  kube: KubeApi,
  dialect: Dialect,
  resource: KubeObject,
): Promise<Finding<PodTarget>> {
  try {
    const { items } = await kube.list(resources.pods, {
      namespace: kube.namespace,
      labelSelector: instanceSelector(resource.metadata.name),
    })
    const pods = items
      .filter((pod) => ownerSet(pod) !== undefined)
      .map((pod) => readPod(pod, dialect.nodeName(resource, pod) ?? '', dialect.role(pod), false))
    const ready = pods.filter((pod) => pod.ready && !pod.deleting && pod.ip !== undefined)
    const pod = ready.find(({ role }) => role === 'core') ?? ready[0]
    if (!pod?.ip) return unknown(`none of the ${pods.length} pods of ${resource.metadata.name} is ready`)
    const { name, ip, node } = pod
    return { found: { name, ip, ...(node === '' ? {} : { node }) }, how: 'ready' }
  } catch (error) {
    return unknown(wordsOf(error))
  }
}
