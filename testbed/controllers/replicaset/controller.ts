import { isConflict, unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import { controlledBy, controllerOf, type Pod, type ReplicaSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { type OnError, SetController, type Synced } from '../set-controller.ts'
import { byDispensability, isActive, statusOf } from './ranking.ts'

/**
 * Keeps the wanted number of pods of each ReplicaSet, and its status. Adopts no orphans: the testbed has none.
 */
export class ReplicaSetController extends SetController<ReplicaSet> {
  constructor(kube: KubeApi, onError: OnError) {
    super(kube, resources.replicaSets, onError)
  }

  protected async sync(set: ReplicaSet, nowMs: number): Promise<Synced<ReplicaSet>> {
    const active = this.pods
      .inNamespace(set.metadata.namespace)
      .filter((pod) => controllerOf(pod)?.uid === set.metadata.uid)
      .filter((pod) => isActive(pod) && !this.going.has(pod.metadata.uid ?? ''))
    // As in Kubernetes, the status shows the pods before the change; their own changes trigger the next sync.
    const status = statusOf(set, active, nowMs)
    if (set.metadata.deletionTimestamp === undefined) await this.#scale(set, active, nowMs)
    return { status }
  }

  async #scale(set: ReplicaSet, active: Pod[], nowMs: number): Promise<void> {
    const surplus = active.length - (set.spec.replicas ?? 1)
    for (let missing = -surplus; missing > 0; missing -= 1) await this.#create(set)
    const ranked = active.toSorted(byDispensability(active, nowMs))
    for (const pod of ranked.slice(0, Math.max(surplus, 0))) await this.#delete(set, pod)
  }

  async #create(set: ReplicaSet): Promise<void> {
    try {
      const pod = await this.kube.create(resources.pods, newPod(set))
      this.pods.learn(pod)
      this.events.emit(set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`)
    } catch (error) {
      this.#failed(set, 'Create', 'Error creating', error)
    }
  }

  async #delete(set: ReplicaSet, pod: Pod): Promise<void> {
    const { namespace, name, uid = '' } = pod.metadata
    try {
      const deleted = this.kube.delete(resources.pods, namespace, name, { uid }).then(() => true)
      if (!(await unlessGone(deleted))) return
      this.going.add(uid)
      this.events.emit(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`)
    } catch (error) {
      if (!isConflict(error)) this.#failed(set, 'Delete', 'Error deleting', error)
    }
  }

  #failed(set: ReplicaSet, verb: 'Create' | 'Delete', words: string, error: unknown): never {
    this.events.emit(set, 'Warning', `Failed${verb}`, `${words}: ${messageOf(error)}`)
    throw error
  }
}

/** A pod from the set's template. The API server completes its name. */
export function newPod(set: ReplicaSet): Pod {
  const { labels, annotations, finalizers } = set.spec.template.metadata ?? {}
  const { name, namespace } = set.metadata
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: '',
      generateName: `${name}-`,
      namespace,
      labels,
      annotations,
      finalizers,
      ownerReferences: [controlledBy({ apiVersion: 'apps/v1', kind: 'ReplicaSet' }, set)],
    },
    spec: set.spec.template.spec,
  }
}
