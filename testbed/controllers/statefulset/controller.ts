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
import { type OnError, SetController, type Synced } from '../set-controller.ts'
import { createClaims, newPod, ordinalOf, ownerOf } from './identity.ts'
import { planSteps, type Step } from './plan.ts'
import { adoptRevisions, type Revisions, revisionsOf, settleRevisions, truncateHistory } from './revisions.ts'
import { revisionOf, statusOf } from './status.ts'

/** Keeps the pods of each StatefulSet as its spec wants them, and its status. */
export class StatefulSetController extends SetController<StatefulSet> {
  readonly #revisions: Cache<ControllerRevision>

  constructor(kube: KubeApi, onError: OnError) {
    const revisions = new Cache<ControllerRevision>(kube, resources.controllerRevisions, () => {})
    super(kube, resources.statefulSets, onError, [revisions])
    this.#revisions = revisions
  }

  protected override orphanChanged(pod: Pod): void {
    for (const set of this.sets.inNamespace(pod.metadata.namespace))
      if (mayAdopt(set, pod)) this.queue.add(keyOf(set))
  }

  protected async sync(set: StatefulSet, nowMs: number): Promise<Synced<StatefulSet>> {
    const isAlive = once(() => this.#isAlive(set))
    const known = await this.#history(set, isAlive)
    const pods = await this.#claim(set, isAlive)
    const revisions = await settleRevisions(this.kube, set, known)
    this.#revisions.learn(revisions.update)
    const status = statusOf(set, pods, revisions, nowMs)
    for (const step of planSteps(set, pods, revisions, nowMs)) {
      await this.#perform(set, step, revisions)
      const isOutdatedGoing = step.do === 'delete' && step.reason === 'update'
      if (isOutdatedGoing && status.currentReplicas && revisionOf(step.pod) === status.currentRevision)
        status.currentReplicas--
    }
    if (status.currentReplicas === 0) delete status.currentReplicas
    const live = new Set([
      ...pods.map(revisionOf),
      revisions.current.metadata.name,
      revisions.update.metadata.name,
    ])
    return { status, afterwards: () => truncateHistory(this.kube, set, known, live) }
  }

  /** The set's revisions from oldest to newest, adopted ones among them. */
  async #history(set: StatefulSet, isAlive: () => Promise<boolean>): Promise<ControllerRevision[]> {
    const revisions = () => this.#revisions.inNamespace(set.metadata.namespace)
    const isOrphan = (revision: ControllerRevision) => !controllerOf(revision)
    if (revisions().some(isOrphan) && (await isAlive()))
      for (const adopted of await adoptRevisions(this.kube, set, revisions())) this.#revisions.learn(adopted)
    return revisionsOf(set, revisions())
  }

  /** The set's own pods; orphans with its labels and one of its names become its own. */
  async #claim(set: StatefulSet, isAlive: () => Promise<boolean>): Promise<Pod[]> {
    const candidates = this.pods.inNamespace(set.metadata.namespace)
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
        this.kube.patch<Pod>(resources.pods, namespace, name, 'strategic', body),
      )
      if (adopted) own.push(adopted)
    }
    return own
  }

  /** Reads from the server: the watch may not show yet that the set is being deleted and leaves its pods as orphans. */
  async #isAlive({ metadata }: StatefulSet): Promise<boolean> {
    const now = await unlessGone(this.kube.get(resources.statefulSets, metadata.namespace, metadata.name))
    return now?.metadata.uid === metadata.uid && now?.metadata.deletionTimestamp === undefined
  }

  #asGoing(pod: Pod): Pod {
    if (pod.metadata.deletionTimestamp || !this.going.has(pod.metadata.uid ?? '')) return pod
    return { ...pod, metadata: { ...pod.metadata, deletionTimestamp: new Date().toISOString() } }
  }

  async #perform(set: StatefulSet, step: Step, revisions: Revisions): Promise<void> {
    if (step.do === 'create') {
      const revision = revisions[step.revision]
      const pod = newPod(set, revision.data.spec.template, step.ordinal, revision.metadata.name)
      await createClaims(this.kube, this.events, set, pod)
      await this.#report(set, 'create', pod, async () =>
        this.pods.learn(await this.kube.create(resources.pods, pod)),
      )
      return
    }
    const { pod, reason } = step
    const { namespace, name, uid } = pod.metadata
    if (reason === 'failed') {
      const message = `StatefulSet ${keyOf(set)} is recreating failed Pod ${name}`
      this.events.emit(set, 'Warning', 'RecreatingFailedPod', message)
    }
    await this.#report(set, 'delete', pod, async () => {
      await this.kube.delete(resources.pods, namespace, name, uid === undefined ? {} : { uid })
      this.going.add(uid ?? '')
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
      if (done) this.events.emit(set, 'Normal', `Successful${noun}`, `${what} successful`)
    } catch (error) {
      if (isAlreadyExists(error) || (verb === 'delete' && isConflict(error))) return
      this.events.emit(set, 'Warning', `Failed${noun}`, `${what} failed error: ${messageOf(error)}`)
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
