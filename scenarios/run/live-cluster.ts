import type { ClusterObservation } from '#weir/cluster/index.ts'
import type { Blocker } from '#weir/facts/index.ts'

type Of<T extends ClusterObservation['type']> = Extract<ClusterObservation, { type: T }>
export type LivePod = Of<'pod'>
/** `t`: when it was first observed. */
export type LiveSet = Of<'set'> & { t: number }
/** `t`: when this state was first observed; `generationT`: when its generation was. */
export type LiveResource = Of<'cr'> & { t: number; generationT: number }

/** The current state of the cluster, from the watches, for waits and observers. */
export class LiveCluster {
  readonly #pods = new Map<string, LivePod>()
  readonly #sets = new Map<string, LiveSet>()
  readonly #served = new Set<string>()
  readonly #nodes = new Map<string, string>()
  readonly #restarts = new Map<string, number>()
  readonly #refused = new Map<string, Blocker>()
  /** Ready members of the Service; undefined until its first listing. */
  endpoints: readonly string[] | undefined
  resource: LiveResource | undefined

  update(observation: ClusterObservation, t: number): void {
    if (observation.type === 'pod') this.#updatePod(observation)
    if (observation.type === 'endpoints') this.endpoints = observation.ready
    if (observation.type === 'refusal') {
      const { kind, name, why } = observation
      if (why === undefined) this.#refused.delete(`${kind} ${name}`)
      else this.#refused.set(`${kind} ${name}`, { kind, name, why })
    }
    if (observation.type === 'cr') this.#updateResource(observation, t)
    if (observation.type === 'set') {
      const { name, deleted } = observation
      if (deleted) this.#sets.delete(name)
      else this.#sets.set(name, { ...observation, t: this.#sets.get(name)?.t ?? t })
    }
  }

  #updateResource(resource: Of<'cr'>, t: number): void {
    const before = this.resource
    const isSame = before?.generation === resource.generation
    this.resource = { ...resource, t, generationT: isSame ? before.generationT : t }
  }

  #updatePod(pod: LivePod): void {
    if (pod.node !== '' || !this.#nodes.has(pod.name)) this.#nodes.set(pod.name, pod.node)
    this.#restarts.set(pod.uid, pod.container?.restarts ?? 0)
    if (pod.deleted) this.#pods.delete(pod.uid)
    else this.#pods.set(pod.uid, pod)
    if (pod.ready) this.#served.add(pod.uid)
  }

  /** Pods that exist, by name. */
  get pods(): LivePod[] {
    return [...this.#pods.values()].sort((a, b) => a.name.localeCompare(b.name))
  }

  /** Whether the pod of this uid exists. */
  has(uid: string): boolean {
    return this.#pods.has(uid)
  }

  /** How often EMQX's container in this pod has restarted, also of one that is gone. */
  restartsOf(uid: string): number {
    return this.#restarts.get(uid) ?? 0
  }

  /** The EMQX node of every pod that ever was there, by the pod's name; '' while it is not known. */
  get nodesByPod(): ReadonlyMap<string, string> {
    return this.#nodes
  }

  get sets(): LiveSet[] {
    return [...this.#sets.values()]
  }

  /** What holds a rollout up; undefined when nothing is known to. */
  get blocker(): Blocker | undefined {
    const stuck = this.pods.find(({ blocked }) => blocked !== undefined)
    if (stuck?.blocked !== undefined) return { kind: 'pod', name: stuck.name, why: stuck.blocked }
    return this.#refused.values().next().value
  }

  /** Pods that can be polled: ready at least once, not being deleted. Youngest last. */
  get reachable(): (LivePod & { ip: string })[] {
    return [...this.#pods.values()].filter(
      (pod): pod is LivePod & { ip: string } =>
        pod.ip !== undefined && !pod.deleting && this.#served.has(pod.uid),
    )
  }
}
