import { isDeepStrictEqual } from 'node:util'
import { unlessConflict, unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import {
  controlledBy,
  controllerOf,
  type Deployment,
  keyOf,
  type ReplicaSet,
} from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { Cache } from '../../runtime/cache.ts'
import { EventRecorder } from '../../runtime/event-recorder.ts'
import { templateSuffix } from '../../runtime/hash.ts'
import { exceptConflicts, WorkQueue } from '../../runtime/work-queue.ts'
import type { OnError } from '../set-controller.ts'
import { deploymentStatus } from './status.ts'

const HASH = 'pod-template-hash'

/**
 * Keeps one ReplicaSet of each Deployment's template at its size, and takes older ones down: once the new pods are available, or at
 * once with the strategy Recreate. It surges by the whole set, where a real controller goes step by step.
 */
export class DeploymentController {
  readonly ready: Promise<unknown>
  readonly #kube: KubeApi
  readonly #events: EventRecorder
  readonly #queue: WorkQueue
  readonly #deployments: Cache<Deployment>
  readonly #sets: Cache<ReplicaSet>

  constructor(kube: KubeApi, onError: OnError) {
    this.#kube = kube
    this.#events = new EventRecorder({
      kube,
      component: 'deployment-controller',
      onError: (error) => onError('deployment events', error),
    })
    this.#queue = new WorkQueue((key) => this.#sync(key), {
      onError: exceptConflicts((key, error) => onError(`deployment ${key}`, error)),
    })
    this.#deployments = new Cache<Deployment>(kube, resources.deployments, (deployment) => {
      if (deployment !== undefined) this.#queue.add(keyOf(deployment))
    })
    this.#sets = new Cache<ReplicaSet>(kube, resources.replicaSets, (now, before) => {
      for (const set of [now, before]) {
        const owner = set && controllerOf(set)
        if (owner?.kind === 'Deployment') this.#queue.add(`${set?.metadata.namespace}/${owner.name}`)
      }
    })
    this.ready = Promise.all([this.#deployments.ready, this.#sets.ready])
    this.ready.catch(() => {})
  }

  stop(): void {
    this.#deployments.stop()
    this.#sets.stop()
    void this.#queue.stop()
    this.#events.stop()
  }

  async #sync(key: string): Promise<void> {
    await this.ready
    const deployment = this.#deployments.get(key)
    if (deployment === undefined || deployment.metadata.deletionTimestamp !== undefined) return
    const owned = this.#sets
      .inNamespace(deployment.metadata.namespace)
      .filter((set) => controllerOf(set)?.uid === deployment.metadata.uid)
    const wanted = deployment.spec.replicas ?? 1
    const name = `${deployment.metadata.name}-${templateSuffix(deployment.spec.template, 0)}`
    const others = owned.filter((set) => set.metadata.name !== name)
    const current = owned.find((set) => set.metadata.name === name)
    const othersRun = others.some(({ status }) => (status?.replicas ?? 0) > 0)
    const recreates = deployment.spec.strategy?.type === 'Recreate'
    if (current === undefined) {
      if (!(recreates && othersRun)) await this.#create(deployment, name, wanted)
    } else await this.#scale(deployment, current, wanted)
    const isAvailable = (current?.status?.availableReplicas ?? 0) >= wanted
    if (recreates || isAvailable) for (const set of others) await this.#scale(deployment, set, 0)
    await this.#report(deployment, owned, current)
  }

  async #create(deployment: Deployment, name: string, replicas: number): Promise<void> {
    const { spec, metadata } = deployment
    const hash = name.slice(metadata.name.length + 1)
    const labels = { ...spec.template.metadata?.labels, [HASH]: hash }
    const set: ReplicaSet = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name,
        namespace: metadata.namespace!,
        labels,
        ownerReferences: [controlledBy({ apiVersion: 'apps/v1', kind: 'Deployment' }, deployment)],
      },
      spec: {
        replicas,
        selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [HASH]: hash } },
        template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
      },
    }
    const made = await unlessConflict(this.#kube.create(resources.replicaSets, set))
    if (made === undefined) return
    this.#sets.learn(made)
    this.#scaled(deployment, name, 'up', 0, replicas)
  }

  async #scale(deployment: Deployment, set: ReplicaSet, replicas: number): Promise<void> {
    const before = set.spec.replicas
    if (before === replicas) return
    const changed = { ...set, spec: { ...set.spec, replicas } }
    const written = await unlessGone(this.#kube.replace(resources.replicaSets, changed))
    if (written === undefined) return
    this.#sets.learn(written)
    this.#scaled(deployment, set.metadata.name, replicas > before ? 'up' : 'down', before, replicas)
  }

  #scaled(deployment: Deployment, set: string, way: string, from: number, to: number): void {
    const message = `Scaled ${way} replica set ${set} from ${from} to ${to}`
    this.#events.emit(deployment, 'Normal', 'ScalingReplicaSet', message)
  }

  async #report(deployment: Deployment, owned: ReplicaSet[], current: ReplicaSet | undefined): Promise<void> {
    const status = deploymentStatus(deployment, owned, current)
    if (isDeepStrictEqual(deployment.status, status)) return
    const written = await unlessGone(
      this.#kube.replace(resources.deployments, { ...deployment, status }, 'status'),
    )
    if (written !== undefined) this.#deployments.learn(written)
  }
}
