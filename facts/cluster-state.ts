import type { CrEvent, EndpointsEvent, NodesEvent, PodEvent, RecordEvent } from './record-events.ts'

/** The state of a cluster as EMQX ECP names it, computed from what the cluster shows (docs/contract/operations.md#states). */
export const CLUSTER_STATES = {
  creating: '创建中',
  updating: '更新中',
  synchronizing: '状态同步中',
  running: '运行中',
  degraded: '降级运行中',
  starting: '启动中',
  stopping: '停止中',
  stopped: '已停止',
  absent: '不存在',
} as const

export type ClusterState = keyof typeof CLUSTER_STATES

/** Why a cluster does not run as its resource asks: pods that are ready or there, of those wanted; pods that the Service does not lead to. */
export type Lacking =
  | { what: 'unready'; pods: number; wanted: number }
  | { what: 'too-many'; pods: number; wanted: number }
  | { what: 'unserved'; names: string[] }

/** Follows the events of a record in their order. */
export class ClusterStates {
  readonly #pods = new Map<string, PodEvent>()
  #resource: Pick<CrEvent, 'generation' | 'settled' | 'deleted' | 'wanted'> | undefined
  #endpoints: EndpointsEvent['ready'] | undefined
  #members: NodesEvent['nodes'] | undefined
  /** The generation at which the cluster ran as asked last. */
  #ranAt: number | undefined
  #wasStopped = false
  #state: ClusterState | undefined

  /** Undefined until the resource is known. */
  get state(): ClusterState | undefined {
    return this.#state
  }

  /** Returns the state when the event changed it. */
  take(event: RecordEvent): ClusterState | undefined {
    if (event.type === 'pod') {
      if (event.deleted) this.#pods.delete(event.uid)
      else this.#pods.set(event.uid, event)
    } else if (event.type === 'cr') this.#resource = event
    else if (event.type === 'endpoints') this.#endpoints = event.ready
    else if (event.type === 'nodes') this.#members = event.nodes
    else return undefined
    const state = this.#next()
    if (state === this.#state) return undefined
    this.#state = state
    return state
  }

  /** Why the cluster does not run as its resource asks, whatever the resource says of itself; undefined when it does. */
  get lacking(): Lacking | undefined {
    const wanted = this.#resource?.wanted
    if (wanted === undefined) return undefined
    const pods = [...this.#pods.values()]
    const ready = pods.filter((pod) => pod.ready && !pod.deleting)
    if (ready.length !== wanted) return { what: 'unready', pods: ready.length, wanted }
    // What is being deleted is on its way out, and may take its whole grace period.
    const staying = pods.filter(({ deleting }) => !deleting).length
    if (staying > wanted) return { what: 'too-many', pods: staying, wanted }
    const replicants = ready.filter(({ role }) => role === 'replicant')
    const serving = replicants.length > 0 ? replicants : ready
    const away = serving.filter(({ name }) => this.#endpoints?.includes(name) === false)
    return away.length > 0 ? { what: 'unserved', names: away.map(({ name }) => name) } : undefined
  }

  /** As many pods are ready as the resource asks for, or more: what is lacking is that others are still there. */
  get hasEnough(): boolean {
    const wanted = this.#resource?.wanted ?? Number.POSITIVE_INFINITY
    return [...this.#pods.values()].filter(({ ready, deleting }) => ready && !deleting).length >= wanted
  }

  #next(): ClusterState | undefined {
    const resource = this.#resource
    if (!resource) return undefined
    if (resource.deleted) return this.#pods.size > 0 ? 'stopping' : 'absent'
    if (resource.wanted === 0) {
      this.#wasStopped = this.#pods.size === 0
      return this.#wasStopped ? 'stopped' : 'stopping'
    }
    if (this.lacking === undefined && resource.settled) {
      if (!this.#areMembers(resource.wanted)) return 'synchronizing'
      this.#ranAt = resource.generation
      this.#wasStopped = false
      return 'running'
    }
    if (this.#wasStopped) return 'starting'
    if (this.#ranAt === undefined) return 'creating'
    if (this.#ranAt !== resource.generation) return 'updating'
    return this.#endpoints?.length ? 'degraded' : 'updating'
  }

  /** EMQX's own list has as many running nodes; true while nobody asked. */
  #areMembers(wanted: number | undefined): boolean {
    if (this.#members === undefined || wanted === undefined) return true
    return this.#members.filter(({ running }) => running).length === wanted
  }
}
