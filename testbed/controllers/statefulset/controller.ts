import { isDeepStrictEqual } from 'node:util'
import { isAlreadyExists, isConflict, unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import {
  type ControllerRevision,
  controllerOf,
  keyOf,
  type Pod,
  type StatefulSet,
  selects,
} from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { Cache } from '../../runtime/cache.ts'
import { EventRecorder } from '../../runtime/event-recorder.ts'
import { unlessConflict, WorkQueue } from '../../runtime/work-queue.ts'
import { createClaims, newPod, ordinalOf, ownerOf } from './identity.ts'
import { planSteps, type Step } from './plan.ts'
import { adoptRevisions, type Revisions, revisionsOf, settleRevisions, truncateHistory } from './revisions.ts'
import { isRunningAndReady, revisionOf, statusOf } from './status.ts'

type OnError = (where: string, error: unknown) => void

/** Keeps the pods of each StatefulSet as its spec wants them, and its status. */
export class StatefulSetController {
  readonly ready: Promise<unknown>
  readonly #kube: KubeApi
  readonly #events: EventRecorder
  readonly #queue: WorkQueue
  readonly #sets: Cache<StatefulSet>
  readonly #pods: Cache<Pod>
  readonly #revisions: Cache<ControllerRevision>
  /** Uids of pods whose deletion was requested and may not show in the watch yet. */
  readonly #going = new Set<string>()

  constructor(kube: KubeApi, onError: OnError) {
    this.#kube = kube
    this.#events = new EventRecorder({
      kube,
      component: 'statefulset-controller',
      onError: (error) => onError('statefulset events', error),
    })
    this.#queue = new WorkQueue((key) => this.#sync(key), {
      onError: unlessConflict((key, error) => onError(`statefulset ${key}`, error)),
    })
    this.#revisions = new Cache<ControllerRevision>(kube, resources.controllerRevisions, () => {})
    this.#pods = new Cache<Pod>(kube, resources.pods, (now, before) => this.#podChanged(now, before))
    this.#sets = new Cache<StatefulSet>(kube, resources.statefulSets, (set) => {
      if (set) this.#queue.add(keyOf(set))
    })
    this.ready = Promise.all([this.#sets.ready, this.#pods.ready, this.#revisions.ready])
    this.ready.catch(() => {})
  }

  stop(): void {
    for (const cache of [this.#sets, this.#pods, this.#revisions]) cache.stop()
    void this.#queue.stop()
    this.#events.stop()
  }

  #podChanged(now: Pod | undefined, before: Pod | undefined): void {
    if (before && now?.metadata.uid !== before.metadata.uid) this.#going.delete(before.metadata.uid ?? '')
    for (const pod of [now, before]) {
      const owner = pod && controllerOf(pod)
      if (owner?.kind === 'StatefulSet') this.#queue.add(`${pod!.metadata.namespace}/${owner.name}`)
      else if (pod && !owner) for (const set of this.#adopters(pod)) this.#queue.add(keyOf(set))
    }
  }

  #adopters(pod: Pod): StatefulSet[] {
    return this.#sets.inNamespace(pod.metadata.namespace).filter((set) => mayAdopt(set, pod))
  }

  async #sync(key: string): Promise<void> {
    await this.ready
    const set = this.#sets.get(key)
    if (!set) return
    const nowMs = Date.now()
    const isAlive = once(() => this.#isAlive(set))
    const known = await this.#history(set, isAlive)
    const pods = await this.#claim(set, isAlive)
    const revisions = await settleRevisions(this.#kube, set, known)
    this.#revisions.learn(revisions.update)
    const status = statusOf(set, pods, revisions, nowMs)
    for (const step of planSteps(set, pods, revisions, nowMs)) {
      await this.#perform(set, step, revisions)
      const isOutdatedGoing = step.do === 'delete' && step.reason === 'update'
      if (isOutdatedGoing && status.currentReplicas && revisionOf(step.pod) === status.currentRevision)
        status.currentReplicas--
    }
    if (status.currentReplicas === 0) delete status.currentReplicas
    if (!isDeepStrictEqual(set.status, status)) {
      const written = await unlessGone(
        this.#kube.replace(resources.statefulSets, { ...set, status }, 'status'),
      )
      if (written) this.#sets.learn(written)
    }
    const live = new Set([
      ...pods.map(revisionOf),
      revisions.current.metadata.name,
      revisions.update.metadata.name,
    ])
    await truncateHistory(this.#kube, set, known, live)
    const waitSeconds = set.spec.minReadySeconds ?? 0
    if (
      waitSeconds > 0 &&
      pods.some(isRunningAndReady) &&
      (status.availableReplicas ?? 0) < (status.readyReplicas ?? 0)
    )
      this.#queue.addAfter(key, waitSeconds * 1000)
  }

  /** The set's revisions from oldest to newest, adopted ones among them. */
  async #history(set: StatefulSet, isAlive: () => Promise<boolean>): Promise<ControllerRevision[]> {
    const revisions = () => this.#revisions.inNamespace(set.metadata.namespace)
    const isOrphan = (revision: ControllerRevision) => !controllerOf(revision)
    if (revisions().some(isOrphan) && (await isAlive()))
      for (const adopted of await adoptRevisions(this.#kube, set, revisions())) this.#revisions.learn(adopted)
    return revisionsOf(set, revisions())
  }

  /** The set's own pods; orphans with its labels and one of its names become its own. */
  async #claim(set: StatefulSet, isAlive: () => Promise<boolean>): Promise<Pod[]> {
    const candidates = this.#pods.inNamespace(set.metadata.namespace)
    const own = candidates
      .filter((pod) => controllerOf(pod)?.uid === set.metadata.uid)
      .map((pod) => this.#asGoing(pod))
    const orphans = candidates.filter((pod) => mayAdopt(set, pod))
    if (orphans.length === 0 || !(await isAlive())) return own
    for (const pod of orphans) {
      const ownerReferences = [...(pod.metadata.ownerReferences ?? []), ownerOf(set)]
      const { namespace, name, uid } = pod.metadata
      const body = { metadata: { uid, ownerReferences } }
      const adopted = await unlessGone(
        this.#kube.patch<Pod>(resources.pods, namespace, name, 'strategic', body),
      )
      if (adopted) own.push(adopted)
    }
    return own
  }

  /** Reads from the server: the watch may not show yet that the set is being deleted and leaves its pods as orphans. */
  async #isAlive({ metadata }: StatefulSet): Promise<boolean> {
    const now = await unlessGone(this.#kube.get(resources.statefulSets, metadata.namespace, metadata.name))
    return now?.metadata.uid === metadata.uid && now?.metadata.deletionTimestamp === undefined
  }

  #asGoing(pod: Pod): Pod {
    if (pod.metadata.deletionTimestamp || !this.#going.has(pod.metadata.uid ?? '')) return pod
    return { ...pod, metadata: { ...pod.metadata, deletionTimestamp: new Date().toISOString() } }
  }

  async #perform(set: StatefulSet, step: Step, revisions: Revisions): Promise<void> {
    if (step.do === 'create') {
      const revision = revisions[step.revision]
      const pod = newPod(set, revision.data.spec.template, step.ordinal, revision.metadata.name)
      await createClaims(this.#kube, this.#events, set, pod)
      await this.#report(set, 'create', pod, async () =>
        this.#pods.learn(await this.#kube.create(resources.pods, pod)),
      )
      return
    }
    const { pod, reason } = step
    const { namespace, name, uid } = pod.metadata
    if (reason === 'failed') {
      const message = `StatefulSet ${keyOf(set)} is recreating failed Pod ${name}`
      this.#events.emit(set, 'Warning', 'RecreatingFailedPod', message)
    }
    await this.#report(set, 'delete', pod, async () => {
      await this.#kube.delete(resources.pods, namespace, name, uid === undefined ? {} : { uid })
      this.#going.add(uid ?? '')
    })
  }

  /** Performs the step and emits an Event with the result; none when there was nothing to do. */
  async #report(
    set: StatefulSet,
    verb: 'create' | 'delete',
    pod: KubeObject,
    work: () => Promise<unknown>,
  ): Promise<void> {
    const what = `${verb} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`
    const noun = verb === 'create' ? 'Create' : 'Delete'
    try {
      const done = await unlessGone(work().then(() => true))
      if (done) this.#events.emit(set, 'Normal', `Successful${noun}`, `${what} successful`)
    } catch (error) {
      if (isAlreadyExists(error) || (verb === 'delete' && isConflict(error))) return
      this.#events.emit(set, 'Warning', `Failed${noun}`, `${what} failed error: ${messageOf(error)}`)
      throw error
    }
  }
}

/** Calls at most once. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  return () => {
    answer ??= ask()
    return answer
  }
}

const mayAdopt = (set: StatefulSet, pod: Pod) =>
  !controllerOf(pod) &&
  !pod.metadata.deletionTimestamp &&
  !set.metadata.deletionTimestamp &&
  ordinalOf(set, pod) >= 0 &&
  selects(set.spec.selector.matchLabels, pod.metadata.labels)
