import { messageOf, WeirError } from '#weir/errors/index.ts'
import { asClusterError } from '../failure.ts'
import { unlessGone } from '../kubernetes/api-errors.ts'
import type { Event, Pod } from '../kubernetes/kinds.ts'
import { resources } from '../kubernetes/resources.ts'
import { type KubeApi, KubeApiError, type KubeObject } from '../kubernetes/types.ts'
import { blockedBy, cutWords } from '../observe/blocked.ts'
import {
  type FleetJobSpec,
  type FleetSecrets,
  INDEX_ANNOTATION,
  JOB_LABEL,
  jobOf,
  secretsOf,
} from './objects.ts'
import { endOfPod } from './pod-end.ts'

/** A pod of the fleet that runs. */
export interface FleetPod {
  name: string
  ip: string
}

/** An image that cannot be pulled, or a pod that is refused, is tried again by Kubernetes; after this long it is not waited for. */
const HOPELESS_MS = 20_000
const POLL_MS = 250
const EVENTS_EVERY_MS = 3000

/** The Job of a fleet, its Secrets, and its pods as the API server shows them. */
export class FleetJob {
  readonly spec: FleetJobSpec
  readonly #kube: KubeApi
  /** By number; the first pod of a number is the only one. */
  readonly #pods = new Map<number, Pod>()
  readonly #ends = new Map<string, PromiseWithResolvers<string>>()
  readonly #watch: { ready: Promise<void>; stop(): void }

  /**
   * Creates the Job and its Secrets. Throws WEIR_FLEET_JOB where the cluster has no such Jobs, WEIR_CLUSTER_FORBIDDEN and other errors of the
   * cluster.
   */
  static async create(kube: KubeApi, spec: FleetJobSpec, secrets: FleetSecrets): Promise<FleetJob> {
    const made = await asked(kube, `create Jobs in namespace ${spec.namespace}`, () =>
      kube.create(resources.jobs, jobOf(spec, secrets)),
    )
    const job = new FleetJob(kube, spec)
    try {
      const { backoffLimitPerIndex } = made.spec as { backoffLimitPerIndex?: number }
      if (backoffLimitPerIndex === undefined)
        throw new WeirError(
          'WEIR_FLEET_JOB',
          'this cluster would start a fleet pod again that has ended (its Jobs have no backoffLimitPerIndex): --fleet job needs Kubernetes 1.29 or later',
        )
      for (const secret of secretsOf(spec, made.metadata, secrets).reverse())
        await asked(kube, `create Secrets in namespace ${spec.namespace}`, () =>
          kube.create(resources.secrets, secret),
        )
      await asked(kube, 'watch pods', () => job.#watch.ready)
      return job
    } catch (error) {
      throw await job.removeAfter(error)
    }
  }

  private constructor(kube: KubeApi, spec: FleetJobSpec) {
    this.#kube = kube
    this.spec = spec
    this.#watch = kube.watch<Pod>(
      resources.pods,
      { namespace: spec.namespace, labelSelector: `${JOB_LABEL}=${spec.name}` },
      {
        onList: (pods) => {
          for (const pod of pods) this.#seen(pod)
          const listed = new Set(pods.map(({ metadata }) => metadata.name))
          for (const { metadata } of this.#pods.values())
            if (!listed.has(metadata.name)) this.#gone(metadata.name, 'was deleted')
        },
        onEvent: (type, pod) => {
          if (type === 'DELETED') this.#gone(pod.metadata.name, endOfPod(pod) ?? 'was deleted')
          else this.#seen(pod)
        },
        onGap: () => undefined,
      },
    )
  }

  /** Resolves with every pod, by number, when all run. Throws WEIR_FLEET_JOB with why one does not, or the signal's reason. */
  async running(limitMs: number, signal: AbortSignal): Promise<FleetPod[]> {
    const startMs = performance.now()
    let blockedSinceMs: number | undefined
    let refused: string | undefined
    for (let eventsMs = startMs; ; await new Promise((resolve) => setTimeout(resolve, POLL_MS))) {
      signal.throwIfAborted()
      const nowMs = performance.now()
      const found = Array.from({ length: this.spec.pods }, (_, index) => this.#pods.get(index))
      const ready = found.flatMap((pod) => (pod ? (runningPod(pod) ?? []) : []))
      if (ready.length === this.spec.pods) return ready
      const ended = found.flatMap((pod) => (pod && endOfPod(pod) ? [pod] : []))[0]
      if (ended) throw notStarted(`fleet pod ${ended.metadata.name} ${endOfPod(ended)}`)
      if (found.includes(undefined) && nowMs - eventsMs > EVENTS_EVERY_MS) {
        eventsMs = nowMs
        refused = await this.#refusal()
      }
      // A refusal that was retried and granted is none.
      const stillRefused = found.includes(undefined) ? refused : undefined
      const blocked = found.flatMap((pod) => blockOf(pod) ?? [])[0] ?? stillRefused
      blockedSinceMs = blocked === undefined ? undefined : (blockedSinceMs ?? nowMs)
      const isHopeless =
        blocked !== undefined && !blocked.includes('Unschedulable') && nowMs - blockedSinceMs! > HOPELESS_MS
      if (isHopeless || nowMs - startMs > limitMs)
        throw notStarted(
          blocked ??
            `${ready.length} of ${this.spec.pods} fleet pods run after ${Math.round(limitMs / 1000)} s`,
        )
    }
  }

  /** Resolves with how the pod ended, as a clause, when it has; else never. */
  ended(pod: string): Promise<string> {
    return this.#endOf(pod).promise
  }

  /** Removes the Job; Kubernetes removes its pods and its Secret with it. */
  async remove(): Promise<void> {
    this.#watch.stop()
    const { namespace, name } = this.spec
    await unlessGone(this.#kube.delete(resources.jobs, namespace, name, { propagationPolicy: 'Background' }))
  }

  /** Removes the Job because of an error, and returns what to throw: that error, which says so where the Job is still there. */
  async removeAfter(error: unknown): Promise<unknown> {
    try {
      await this.remove()
      return error
    } catch (failure) {
      const { namespace, name } = this.spec
      const words = `${messageOf(error)}; Job ${name} is still there (${messageOf(failure)}): remove it with "kubectl --namespace ${namespace} delete job ${name}"`
      const options = { cause: error }
      return error instanceof WeirError
        ? new WeirError(error.code, words, options)
        : new Error(words, options)
    }
  }

  #seen(pod: Pod): void {
    const index = Number(pod.metadata.annotations?.[INDEX_ANNOTATION] ?? Number.NaN)
    const known = this.#pods.get(index)
    if (!Number.isInteger(index) || (known && known.metadata.name !== pod.metadata.name)) return
    this.#pods.set(index, pod)
    const end = endOfPod(pod)
    if (end !== undefined) this.#gone(pod.metadata.name, end)
  }

  #gone(pod: string, how: string): void {
    this.#endOf(pod).resolve(how)
  }

  #endOf(pod: string): PromiseWithResolvers<string> {
    const known = this.#ends.get(pod) ?? Promise.withResolvers<string>()
    this.#ends.set(pod, known)
    return known
  }

  /** Why the Job controller cannot create pods: a quota, a policy. It says so in events of the Job. */
  async #refusal(): Promise<string | undefined> {
    const { namespace, name } = this.spec
    const { items } = await this.#kube
      .list<Event>(resources.events, { namespace, fieldSelector: `involvedObject.name=${name}` })
      .catch(() => ({ items: [] as Event[] }))
    const last = items.filter(({ type }) => type === 'Warning').at(-1)
    return last && `Job ${name} cannot create its pods (${last.reason}: ${cutWords(last.message ?? '')})`
  }
}

function runningPod({ metadata, status }: Pod): FleetPod | undefined {
  const [container] = status?.containerStatuses ?? []
  const runs = container?.state !== undefined && 'running' in container.state
  return runs && status?.podIP ? { name: metadata.name, ip: status.podIP } : undefined
}

function blockOf(pod: Pod | undefined): string | undefined {
  const why = pod && blockedBy(pod.status)
  return why && `fleet pod ${pod.metadata.name} does not start: ${why}`
}

const notStarted = (why: string) =>
  new WeirError('WEIR_FLEET_JOB', `${why.replace(/\.$/, '')}: nothing was changed`)

async function asked<T>(kube: KubeApi, doing: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof KubeApiError && error.status === 404)
      throw new WeirError(
        'WEIR_FLEET_JOB',
        'this cluster has no Job controller (its API server does not serve batch/v1), and --fleet job needs one: use --testbed control-plane or a cluster of your own',
        { cause: error },
      )
    throw asClusterError(error, kube.server, doing)
  }
}

/** The image of the pod that weir runs in; undefined where it is not known. */
export async function ownImage(kube: KubeApi, podName: string | undefined): Promise<string | undefined> {
  if (podName === undefined) return undefined
  const { items } = await kube.list<KubeObject>(resources.pods, {
    namespace: kube.namespace,
    fieldSelector: `metadata.name=${podName}`,
  })
  const { containers = [] } = (items[0]?.spec ?? {}) as { containers?: { name: string; image: string }[] }
  return (containers.find(({ name }) => name === 'weir') ?? containers[0])?.image
}
