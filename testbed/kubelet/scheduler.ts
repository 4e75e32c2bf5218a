import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { Pod } from './types.ts'

const DEFAULT_SCHEDULER = 'default-scheduler'

/** Stands in for kube-scheduler where there is one node only: binds every pod that has none to it. */
export function startScheduler(
  kube: KubeApi,
  nodeName: string,
  log: (line: string) => void,
): { ready: Promise<void>; stop(): void } {
  const binding = new Set<string>()

  async function bind(pod: Pod): Promise<void> {
    const { name, namespace = 'default', uid = '' } = pod.metadata
    const mine = (pod.spec.schedulerName ?? DEFAULT_SCHEDULER) === DEFAULT_SCHEDULER
    if (pod.spec.nodeName !== undefined && pod.spec.nodeName !== '') return
    if (!mine || pod.metadata.deletionTimestamp !== undefined || binding.has(uid)) return
    binding.add(uid)
    const { status, body } = await kube.raw('POST', `/api/v1/namespaces/${namespace}/pods/${name}/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace, uid },
      target: { apiVersion: 'v1', kind: 'Node', name: nodeName },
    })
    binding.delete(uid)
    if (status >= 300 && status !== 404 && status !== 409)
      log(`bind ${namespace}/${name}: ${status} ${JSON.stringify(body)}`)
  }

  const tryBind = (pod: Pod): void => {
    bind(pod).catch((error: Error) => {
      binding.delete(pod.metadata.uid ?? '')
      log(`bind ${pod.metadata.name}: ${error.message}`)
    })
  }
  return kube.watch<Pod>(
    resources.pods,
    { fieldSelector: 'spec.nodeName=' },
    {
      onList: (pods) => pods.forEach(tryBind),
      onEvent: (type, pod) => {
        if (type !== 'DELETED') tryBind(pod)
      },
      onGap: () => {},
    },
  )
}
