import { isDeepStrictEqual } from 'node:util'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import {
  controllerOf,
  keyOf,
  type Pod,
  type SetSpec,
  type SetStatus,
} from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'
import { Cache } from '../runtime/cache.ts'
import { EventRecorder } from '../runtime/event-recorder.ts'
import { exceptConflicts, WorkQueue } from '../runtime/work-queue.ts'

export type OnError = (where: string, error: unknown) => void

type Watched = Pick<Cache<KubeObject>, 'ready' | 'stop'>

interface PodSet extends KubeObject {
  spec: SetSpec
  status?: SetStatus
}

export interface Synced<S extends PodSet> {
  status: NonNullable<S['status']>
  afterwards?(): Promise<void>
}

/** What the controllers of sets of pods share: the sets and pods as last seen, a queue of sets to look at, and Events. */
export abstract class SetController<S extends PodSet> {
  readonly ready: Promise<unknown>
  protected readonly kube: KubeApi
  protected readonly events: EventRecorder
  protected readonly queue: WorkQueue
  protected readonly sets: Cache<S>
  protected readonly pods: Cache<Pod>
  /** Uids of pods whose deletion was requested and may not show in the watch yet. */
  protected readonly going = new Set<string>()
  readonly #resource: Resource
  readonly #watched: readonly Watched[]

  /** `more`: what else has to be there before the first set is looked at. */
  constructor(kube: KubeApi, resource: Resource, onError: OnError, more: readonly Watched[] = []) {
    const kind = resource.kind.toLowerCase()
    this.kube = kube
    this.#resource = resource
    this.events = new EventRecorder({
      kube,
      component: `${kind}-controller`,
      onError: (error) => onError(`${kind} events`, error),
    })
    this.queue = new WorkQueue((key) => this.#sync(key), {
      onError: exceptConflicts((key, error) => onError(`${kind} ${key}`, error)),
    })
    this.pods = new Cache<Pod>(kube, resources.pods, (now, before) => this.#podChanged(now, before))
    this.sets = new Cache<S>(kube, resource, (set) => {
      if (set) this.queue.add(keyOf(set))
    })
    this.#watched = [this.sets, this.pods, ...more]
    this.ready = Promise.all(this.#watched.map((cache) => cache.ready))
    this.ready.catch(() => {})
  }

  stop(): void {
    for (const cache of this.#watched) cache.stop()
    void this.queue.stop()
    this.events.stop()
  }

  /** Does what the set wants now; returns its status, and what is to be done once that is written. */
  protected abstract sync(set: S, nowMs: number): Promise<Synced<S>>

  /** A pod that nothing owns came or changed. */
  protected orphanChanged(_pod: Pod): void {}

  #podChanged(now: Pod | undefined, before: Pod | undefined): void {
    if (before && now?.metadata.uid !== before.metadata.uid) this.going.delete(before.metadata.uid ?? '')
    for (const pod of [now, before]) {
      const owner = pod && controllerOf(pod)
      if (owner?.kind === this.#resource.kind) this.queue.add(`${pod!.metadata.namespace}/${owner.name}`)
      else if (pod && !owner) this.orphanChanged(pod)
    }
  }

  async #sync(key: string): Promise<void> {
    await this.ready
    const set = this.sets.get(key)
    if (!set) return
    const { status, afterwards } = await this.sync(set, Date.now())
    if (!isDeepStrictEqual(set.status, status)) {
      const written = await unlessGone(this.kube.replace(this.#resource, { ...set, status }, 'status'))
      if (written) this.sets.learn(written)
    }
    await afterwards?.()
    // A pod that is ready becomes available by the passing of time alone.
    const waitSeconds = set.spec.minReadySeconds ?? 0
    if (waitSeconds > 0 && (status.availableReplicas ?? 0) < (status.readyReplicas ?? 0))
      this.queue.addAfter(key, waitSeconds * 1000)
  }
}
