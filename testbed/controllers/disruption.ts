import { isDeepStrictEqual } from 'node:util'
import type { V1PodDisruptionBudgetSpec, V1PodDisruptionBudgetStatus } from '@kubernetes/client-node'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import {
  type Condition,
  controllerOf,
  isReady,
  keyOf,
  type Pod,
  type ReplicaSet,
  type StatefulSet,
  timestamp,
} from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { matchesSelector } from '../apiserver/selectors/labels.ts'
import { Cache } from '../runtime/cache.ts'
import { exceptConflicts, WorkQueue } from '../runtime/work-queue.ts'
import type { OnError } from './set-controller.ts'

/** How long an eviction that was allowed counts although its pod does not go (DeletionTimeout of the real controller). */
const DELETION_MS = 120_000

interface Budget extends KubeObject {
  spec: V1PodDisruptionBudgetSpec
  status?: Omit<V1PodDisruptionBudgetStatus, 'conditions' | 'disruptedPods'> & {
    conditions?: Condition[]
    disruptedPods?: Record<string, string>
  }
}

/** Counts for each PodDisruptionBudget how many of its pods may be evicted now (pkg/controller/disruption). */
export class DisruptionController {
  readonly ready: Promise<unknown>
  readonly #kube: KubeApi
  readonly #queue: WorkQueue
  readonly #budgets: Cache<Budget>
  readonly #pods: Cache<Pod>
  readonly #sets: readonly (Cache<StatefulSet> | Cache<ReplicaSet>)[]

  constructor(kube: KubeApi, onError: OnError) {
    this.#kube = kube
    this.#queue = new WorkQueue((key) => this.#sync(key), {
      onError: exceptConflicts((key, error) => onError(`disruption ${key}`, error)),
    })
    const inNamespaceOf = (object: KubeObject | undefined) => {
      for (const budget of this.#budgets.inNamespace(object?.metadata.namespace))
        this.#queue.add(keyOf(budget))
    }
    this.#budgets = new Cache<Budget>(kube, resources.podDisruptionBudgets, (budget) => {
      if (budget) this.#queue.add(keyOf(budget))
    })
    this.#pods = new Cache<Pod>(kube, resources.pods, (now, before) => inNamespaceOf(now ?? before))
    this.#sets = [
      new Cache<StatefulSet>(kube, resources.statefulSets, (now, before) => inNamespaceOf(now ?? before)),
      new Cache<ReplicaSet>(kube, resources.replicaSets, (now, before) => inNamespaceOf(now ?? before)),
    ]
    this.ready = Promise.all(this.#caches().map((cache) => cache.ready))
    this.ready.catch(() => {})
  }

  stop(): void {
    for (const cache of this.#caches()) cache.stop()
    void this.#queue.stop()
  }

  #caches() {
    return [this.#budgets, this.#pods, ...this.#sets]
  }

  async #sync(key: string): Promise<void> {
    await this.ready
    const budget = this.#budgets.get(key)
    if (!budget || budget.metadata.deletionTimestamp) return
    const status = this.#statusOf(budget, Date.now())
    if (Object.keys(status.disruptedPods ?? {}).length > 0) this.#queue.addAfter(key, DELETION_MS)
    if (isDeepStrictEqual(status, budget.status)) return
    const written = await unlessGone(
      this.#kube.replace<Budget>(resources.podDisruptionBudgets, { ...budget, status }, 'status'),
    )
    if (written) this.#budgets.learn(written)
  }

  #statusOf({ metadata, spec, status }: Budget, nowMs: number): NonNullable<Budget['status']> {
    const matched = this.#pods
      .inNamespace(metadata.namespace)
      .filter((pod) => matchesSelector(spec.selector, pod.metadata.labels ?? {}))
    // Evicted, and not seen to go yet: no longer healthy.
    const disruptedPods = Object.fromEntries(
      Object.entries(status?.disruptedPods ?? {}).filter(([name, at]) => {
        const pod = matched.find((one) => one.metadata.name === name)
        return pod && !pod.metadata.deletionTimestamp && nowMs - Date.parse(at) < DELETION_MS
      }),
    )
    const healthy = matched.filter(
      (pod) =>
        isReady(pod) && !pod.metadata.deletionTimestamp && !Object.hasOwn(disruptedPods, pod.metadata.name),
    )
    const { expectedPods, desiredHealthy } = this.#wanted(spec, matched)
    const allowed = expectedPods > 0 ? Math.max(0, healthy.length - desiredHealthy) : 0
    return {
      conditions: [conditionOf(allowed, metadata.generation ?? 0, status?.conditions, nowMs)],
      currentHealthy: healthy.length,
      desiredHealthy,
      ...(Object.keys(disruptedPods).length > 0 && { disruptedPods }),
      disruptionsAllowed: allowed,
      expectedPods,
      observedGeneration: metadata.generation ?? 0,
    }
  }

  /** A percentage, and maxUnavailable, are of the replicas that the pods' sets ask for; a number of pods is of those that are there. */
  #wanted(
    { minAvailable, maxUnavailable }: V1PodDisruptionBudgetSpec,
    matched: readonly Pod[],
  ): { expectedPods: number; desiredHealthy: number } {
    if (typeof minAvailable === 'number')
      return { expectedPods: matched.length, desiredHealthy: minAvailable }
    const owners = new Set(matched.map((pod) => controllerOf(pod)?.uid))
    const sets = this.#sets.flatMap((cache) => cache.all() as KubeObject[])
    const expectedPods = sets
      .filter(({ metadata }) => owners.has(metadata.uid))
      .reduce((sum, set) => sum + ((set as StatefulSet).spec.replicas ?? 1), 0)
    const desiredHealthy =
      maxUnavailable === undefined
        ? scaled(minAvailable ?? 1, expectedPods)
        : Math.max(0, expectedPods - scaled(maxUnavailable, expectedPods))
    return { expectedPods, desiredHealthy }
  }
}

/** A number, or a percentage of `of`, rounded up (intstr.GetScaledValueFromIntOrPercent). */
const scaled = (value: number | string, of: number): number =>
  typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) / 100) * of)

function conditionOf(
  allowed: number,
  generation: number,
  before: readonly Condition[] = [],
  nowMs: number,
): Condition {
  const status = allowed > 0 ? 'True' : 'False'
  const last = before.find(({ type }) => type === 'DisruptionAllowed')
  return {
    lastTransitionTime: last?.status === status ? (last.lastTransitionTime ?? null) : timestamp(nowMs),
    message: '',
    observedGeneration: generation,
    reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
    status,
    type: 'DisruptionAllowed',
  }
}
