import { isDeepStrictEqual } from 'node:util'
import { isConflict, unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import {
  controlledBy,
  controllerOf,
  keyOf,
  type Pod,
  type ReplicaSet,
} from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { Cache } from '../../runtime/cache.ts'
import { EventRecorder } from '../../runtime/event-recorder.ts'
import { unlessConflict, WorkQueue } from '../../runtime/work-queue.ts'
import { byDispensability, isActive, statusOf } from './ranking.ts'

type OnError = (where: string, error: unknown) => void

/**
 * Keeps the wanted number of pods of each ReplicaSet, and its status. Adopts no orphans: the testbed has none.
 */
export class ReplicaSetController {
  readonly ready: Promise<unknown>
  readonly #kube: KubeApi
  readonly #events: EventRecorder
  readonly #queue: WorkQueue
  readonly #sets: Cache<ReplicaSet>
  readonly #pods: Cache<Pod>
  /** Uids of pods whose deletion was requested and may not show in the watch yet. */
  readonly #going = new Set<string>()

  constructor(kube: KubeApi, onError: OnError) {
    this.#kube = kube
    this.#events = new EventRecorder({
      kube,
      component: 'replicaset-controller',
      onError: (error) => onError('replicaset events', error),
    })
    this.#queue = new WorkQueue((key) => this.#sync(key), {
      onError: unlessConflict((key, error) => onError(`replicaset ${key}`, error)),
    })
    this.#pods = new Cache<Pod>(kube, resources.pods, (now, before) => {
      if (before && now?.metadata.uid !== before.metadata.uid) this.#going.delete(before.metadata.uid ?? '')
      for (const pod of [now, before]) {
        const owner = pod && controllerOf(pod)
        if (owner?.kind === 'ReplicaSet') this.#queue.add(`${pod!.metadata.namespace}/${owner.name}`)
      }
    })
    this.#sets = new Cache<ReplicaSet>(kube, resources.replicaSets, (set) => {
      if (set) this.#queue.add(keyOf(set))
    })
    this.ready = Promise.all([this.#sets.ready, this.#pods.ready])
    this.ready.catch(() => {})
  }

  stop(): void {
    for (const cache of [this.#sets, this.#pods]) cache.stop()
    void this.#queue.stop()
    this.#events.stop()
  }

  async #sync(key: string): Promise<void> {
    await this.ready
    const set = this.#sets.get(key)
    if (!set) return
    const nowMs = Date.now()
    const active = this.#pods
      .inNamespace(set.metadata.namespace)
      .filter((pod) => controllerOf(pod)?.uid === set.metadata.uid)
      .filter((pod) => isActive(pod) && !this.#going.has(pod.metadata.uid ?? ''))
    // As in Kubernetes, the status shows the pods before the change; their own changes trigger the next sync.
    const status = statusOf(set, active, nowMs)
    if (set.metadata.deletionTimestamp === undefined) await this.#scale(set, active, nowMs)
    if (!isDeepStrictEqual(set.status, status)) {
      const written = await unlessGone(
        this.#kube.replace(resources.replicaSets, { ...set, status }, 'status'),
      )
      if (written) this.#sets.learn(written)
    }
    const waitSeconds = set.spec.minReadySeconds ?? 0
    if (waitSeconds > 0 && (status.availableReplicas ?? 0) < (status.readyReplicas ?? 0))
      this.#queue.addAfter(key, waitSeconds * 1000)
  }

  async #scale(set: ReplicaSet, active: Pod[], nowMs: number): Promise<void> {
    const surplus = active.length - (set.spec.replicas ?? 1)
    for (let missing = -surplus; missing > 0; missing -= 1) await this.#create(set)
    const ranked = active.toSorted(byDispensability(active, nowMs))
    for (const pod of ranked.slice(0, Math.max(surplus, 0))) await this.#delete(set, pod)
  }

  async #create(set: ReplicaSet): Promise<void> {
    try {
      const pod = await this.#kube.create(resources.pods, newPod(set))
      this.#pods.learn(pod)
      this.#events.emit(set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`)
    } catch (error) {
      this.#failed(set, 'Create', 'Error creating', error)
    }
  }

  async #delete(set: ReplicaSet, pod: Pod): Promise<void> {
    const { namespace, name, uid = '' } = pod.metadata
    try {
      const deleted = this.#kube.delete(resources.pods, namespace, name, { uid }).then(() => true)
      if (!(await unlessGone(deleted))) return
      this.#going.add(uid)
      this.#events.emit(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`)
    } catch (error) {
      if (!isConflict(error)) this.#failed(set, 'Delete', 'Error deleting', error)
    }
  }

  #failed(set: ReplicaSet, verb: 'Create' | 'Delete', words: string, error: unknown): never {
    this.#events.emit(set, 'Warning', `Failed${verb}`, `${words}: ${messageOf(error)}`)
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
      ...(namespace !== undefined && { namespace }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controlledBy({ apiVersion: 'apps/v1', kind: 'ReplicaSet' }, set)],
    },
    spec: set.spec.template.spec,
  }
}
