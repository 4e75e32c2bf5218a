import { type Pod, selectorOf } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { ownCredentials } from '../../credentials.ts'
import { podNotReady, setNotReady } from '../../runtime/errors.ts'
import { API_USER, bootstrapUserName, headlessName } from '../names.ts'
import type { Pass } from '../pass.ts'
import { inClusterSets, listSets, podsBySet, podsOf } from '../sets.ts'

const emqxIsReady = (pod: Pod) =>
  pod.status?.containerStatuses?.some((container) => container.name === 'emqx' && container.ready) === true

/**
 * The target of a port-forward: the first pod with a ready emqx container of the smallest, then oldest, set in the
 * cluster. Before the first answer no set is known to be in the cluster; then any will do, for the members only.
 * A set that was created a moment ago is not yet in the operator's cache.
 */
export async function portForwardTarget(pass: Pass, path: string): Promise<Pod> {
  const any = path === '/api/v4/nodes' && pass.cr.status?.emqxNodes === undefined
  const sets = (any ? await listSets(pass) : (await inClusterSets(pass)).sets).filter(
    (set) => set.metadata.uid !== pass.created?.metadata.uid,
  )
  const set = sets.at(-1)
  if (set === undefined) throw setNotReady()
  const pods = podsOf(await podsBySet(pass, [set]), set)
  const pod = pods.find(emqxIsReady)
  if (pod === undefined) throw podNotReady()
  return pod
}

/**
 * The pods behind the headless Service, which publishes pods that are not ready too. A pod that is being stopped is left out:
 * EMQX closes the connections of its API first.
 */
export async function headlessTargets(pass: Pass): Promise<string[]> {
  const { namespace, name, labels } = pass.cr.metadata
  await pass.env.kube.get(resources.services, namespace, headlessName(name))
  const { items } = await pass.env.kube.list<Pod>(resources.pods, {
    namespace,
    labelSelector: selectorOf(labels),
  })
  return items.flatMap(({ metadata, status }) =>
    status?.podIP && status.phase !== 'Succeeded' && status.phase !== 'Failed' && !metadata.deletionTimestamp
      ? [status.podIP]
      : [],
  )
}

/** The operator's own user of EMQX's API. */
export const credentials = ({ env, cr }: Pass) => {
  const { namespace, name } = cr.metadata
  return ownCredentials(env.kube, namespace, bootstrapUserName(name), 'bootstrap_user', API_USER)
}
