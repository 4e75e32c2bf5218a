import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { PreparedOperator } from '../operator/install/program.ts'
import { lastLine } from './command.ts'

/**
 * What an operator that does not get ready said last, or why its pod does not run: the cluster is removed, so nobody can look afterwards.
 */
export async function operatorWords(kube: KubeApi, { deployment, image }: PreparedOperator): Promise<string> {
  const { namespace } = deployment.metadata
  const { items } = await kube.list<Pod>(resources.pods, { ...(namespace !== undefined && { namespace }) })
  const pod = items.find(({ spec }) => spec.containers.some((container) => container.image === image))
  if (pod === undefined) return 'it has no pod'
  const name = pod.spec.containers.find((container) => container.image === image)!.name
  const { restartCount = 0, state } = pod.status?.containerStatuses?.find((one) => one.name === name) ?? {}
  const waiting = state !== undefined && 'waiting' in state ? state.waiting : undefined
  if (restartCount === 0 && waiting?.message) return `its pod waits: ${waiting.message}`
  const path = `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}/log`
  // The container before has said why it ended.
  const which = restartCount > 0 ? '&previous=true' : ''
  const { body } = await kube.raw('GET', `${path}?container=${name}&tailLines=20${which}`, undefined, {
    accept: '*/*',
  })
  return typeof body === 'string' && body.trim() !== '' ? lastLine(body) : 'it said nothing'
}
