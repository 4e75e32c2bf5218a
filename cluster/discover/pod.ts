import { throwIfNoAnswer } from '../failure.ts'
import { resources } from '../kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '../kubernetes/types.ts'
import { ownerSet, readPod } from '../observe/pods.ts'
import { instanceSelector } from '../observe/scope.ts'
import type { Dialect, PodTarget } from '../types.ts'
import { type Finding, unknown, wordsOf } from './types.ts'

/** A ready pod of the resource, a core if there are cores. */
export async function findPod(
  kube: KubeApi,
  dialect: Dialect,
  resource: KubeObject,
): Promise<Finding<PodTarget>> {
  const pods = await findPods(kube, dialect, resource)
  return pods.found === undefined ? pods : { found: pods.found[0]!, how: pods.how }
}

/** The ready pods of the resource, at least one, cores first. */
export async function findPods(
  kube: KubeApi,
  dialect: Dialect,
  resource: KubeObject,
): Promise<Finding<PodTarget[]>> {
  try {
    const { items } = await kube.list(resources.pods, {
      namespace: kube.namespace,
      labelSelector: instanceSelector(resource.metadata.name),
    })
    const pods = items
      .filter((pod) => ownerSet(pod) !== undefined)
      .map((pod) => readPod(pod, dialect.nodeName(resource, pod) ?? '', dialect.role(pod), false))
    const ready = pods.filter((pod) => pod.ready && !pod.deleting)
    const coresFirst = [
      ...ready.filter(({ role }) => role === 'core'),
      ...ready.filter(({ role }) => role !== 'core'),
    ]
    const found = coresFirst.flatMap(({ name, ip, node }) =>
      ip === undefined ? [] : [{ name, ip, ...(node === '' ? {} : { node }) }],
    )
    if (found.length === 0)
      return unknown(`none of the ${pods.length} pods of ${resource.metadata.name} is ready`)
    return { found, how: 'ready' }
  } catch (error) {
    throwIfNoAnswer(error, kube.server, 'list pods')
    return unknown(wordsOf(error))
  }
}
