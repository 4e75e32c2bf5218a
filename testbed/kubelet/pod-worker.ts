import { type Container, type ContainerState, type Pod, timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { Credential, EmqxCluster, EmqxNode } from '../emqx/index.ts'
import type { Clock } from '../runtime/clock.ts'
import type { EventRecorder } from '../runtime/event-recorder.ts'
import type { Random } from '../runtime/random.ts'
import { bootstrapCredentials } from './bootstrap.ts'
import { type EmqxContainer, environmentOf, identityOf } from './emqx-pod.ts'
import { BACK_OFF_AFTER_MS, MENTION_MS, pullError, readImage, retryAfterMs } from './image.ts'
import { containerId, type PodFacts } from './pod-status.ts'
import { watchReadiness } from './readiness.ts'
import { isGone, StatusReporter } from './status-reporter.ts'

export interface WorkerContext {
  kube: KubeApi
  cluster: EmqxCluster
  clock: Clock
  random: Random
  events: EventRecorder
  hostIp: string
  bootMs: number
  terminateMs: number
  log(line: string): void
}

/** Least and spread of the waits in a pod's life, as recorded on a machine that was not busy. */
const CREATING_MS = [20, 80] as const
const STARTING_MS = [300, 700] as const
const READY_LAG_MS = [100, 400] as const
/** How far into a period a container's first probe may fall. */
const PROBE_PHASE_MS = 2000
const GATE_LAG_MS = [50, 100] as const
/** From the deletion until the container has its SIGTERM: recorded 70 to 170 ms. */
const STOPPING_MS = [70, 60] as const
const ENDED_LAG_MS = [100, 150] as const
const MOUNT_RETRY_MS = 1000
const DELETE_RETRY_MS = 500
const RESTART_MS = 10_000

/** One pod, from its binding to its end. */
export class PodWorker {
  readonly #context: WorkerContext
  readonly #podIp: string
  readonly #startedAtMs: number
  readonly #containers = new Map<string, ContainerState>()
  readonly #ready = new Set<string>()
  readonly #boot = new AbortController()
  readonly #timers = new Set<() => void>()
  readonly #status: StatusReporter
  #pod: Pod
  #node: EmqxNode | undefined
  #sandbox = false
  #stopping = false
  #closed = false

  constructor(context: WorkerContext, pod: Pod, podIp: string) {
    this.#context = context
    this.#pod = pod
    this.#podIp = podIp
    this.#startedAtMs = context.clock.now()
    this.#status = new StatusReporter(context, () => ({ pod: this.#pod, facts: this.#facts() }))
    this.#after(CREATING_MS, () => {
      this.#status.report()
      this.#after(STARTING_MS, () => void this.#start())
    })
    if (pod.metadata.deletionTimestamp !== undefined) this.#terminate()
  }

  /** A newer version of the pod. */
  update(pod: Pod): void {
    this.#pod = pod
    if (pod.metadata.deletionTimestamp !== undefined) this.#terminate()
    else if (pod.spec.readinessGates !== undefined) this.#after(GATE_LAG_MS, () => this.#status.report())
  }

  /** The pod is gone from the API, or the kubelet stops: ends everything. */
  close(): void {
    this.#closed = true
    this.#status.close()
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
    this.#boot.abort(new Error('the pod is gone'))
    this.#node?.kill()
  }

  #facts(): Omit<PodFacts, 'reported'> {
    return {
      hostIp: this.#context.hostIp,
      podIp: this.#sandbox ? this.#podIp : undefined,
      startedAtMs: this.#startedAtMs,
      containers: this.#containers,
      ready: this.#ready,
    }
  }

  readonly #failed = (error: Error): void => {
    this.#context.log(`pod ${this.#pod.metadata.name}: ${error.message}`)
  }

  #emit(container: string | undefined, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const pod = { ...this.#pod, apiVersion: 'v1', kind: 'Pod' }
    const fieldPath = container && `spec.containers{${container}}`
    this.#context.events.emit(pod, type, reason, message, fieldPath)
  }

  #after([leastMs, spreadMs]: readonly [number, number], run: () => void): void {
    if (this.#closed) return
    const cancel = this.#context.clock.after(leastMs + this.#context.random() * spreadMs, () => {
      this.#timers.delete(cancel)
      run()
    })
    this.#timers.add(cancel)
  }

  async #start(): Promise<void> {
    if (this.#stopping) return
    const credentials = await this.#mount().catch((error: Error) => void this.#failed(error))
    if (this.#closed || this.#stopping) return
    if (credentials === undefined) {
      this.#after([MOUNT_RETRY_MS, 0], () => void this.#start())
      return
    }
    this.#sandbox = true
    for (const container of this.#pod.spec.containers) {
      if (readImage(container.image).pullable) this.#run(container, credentials.get(container.name) ?? [])
      else this.#failPull(container, 1)
    }
    this.#after(READY_LAG_MS, () => {
      if (this.#stopping) return
      for (const { name, readinessProbe } of this.#pod.spec.containers)
        if (readinessProbe?.httpGet === undefined) this.#ready.add(name)
      this.#status.report()
    })
  }

  /** Probes a container by HTTP. Recorded: ready 10 to 12 s after the start, for a delay of 10 s. */
  #probe(container: Container): void {
    if (container.readinessProbe?.httpGet === undefined) return
    const { clock, random } = this.#context
    const stop = watchReadiness({
      clock,
      podIp: this.#podIp,
      container,
      phaseMs: random() * PROBE_PHASE_MS,
      onChange: (ready) => {
        if (ready) this.#ready.add(container.name)
        else this.#ready.delete(container.name)
        this.#status.report()
      },
    })
    this.#timers.add(stop)
  }

  #emqx(container: Container): EmqxContainer {
    return { pod: this.#pod, env: environmentOf(this.#pod, container, this.#podIp) }
  }

  /** What EMQX containers read from Secrets, by container. Undefined while one is missing: then nothing starts yet. */
  async #mount(): Promise<Map<string, Credential[]> | undefined> {
    const found = new Map<string, Credential[]>()
    for (const container of this.#pod.spec.containers) {
      if (readImage(container.image).emqxVersion === undefined) continue
      const credentials = await bootstrapCredentials(this.#context.kube, this.#emqx(container), container)
      if (!('missing' in credentials)) {
        found.set(container.name, credentials)
        continue
      }
      const message = `MountVolume.SetUp failed for volume "${credentials.volume}" : secret "${credentials.missing}" not found`
      this.#emit(undefined, 'Warning', 'FailedMount', message)
      return undefined
    }
    return found
  }

  #run(container: Container, credentials: Credential[]): void {
    const { clock } = this.#context
    const { emqxVersion } = readImage(container.image)
    const { name, image } = container
    this.#emit(name, 'Normal', 'Pulled', `Container image "${image}" already present on machine`)
    this.#emit(name, 'Normal', 'Created', `Created container: ${name}`)
    this.#emit(name, 'Normal', 'Started', `Started container ${name}`)
    this.#containers.set(name, { running: { startedAt: timestamp(clock.now()) } })
    this.#probe(container)
    if (emqxVersion !== undefined) void this.#bootEmqx(container, emqxVersion, credentials)
  }

  async #bootEmqx(container: Container, version: string, credentials: Credential[]): Promise<void> {
    try {
      this.#node = await this.#context.cluster.startNode({
        ...identityOf(this.#emqx(container)),
        ip: this.#podIp,
        version,
        credentials,
        bootMs: this.#context.bootMs,
        terminateMs: this.#context.terminateMs,
        signal: this.#boot.signal,
      })
    } catch (error) {
      if (this.#boot.signal.aborted) return
      this.#failed(error as Error)
      this.#crashed(container, version, credentials)
    }
  }

  /** EMQX did not come up, e.g. because its address is taken: the container is started again after a while. */
  #crashed(container: Container, version: string, credentials: Credential[]): void {
    const { name } = container
    const message = `back-off ${RESTART_MS / 1000}s restarting failed container=${name} pod=${this.#pod.metadata.name}`
    this.#emit(name, 'Warning', 'BackOff', `Back-off restarting failed container ${name}`)
    this.#containers.set(name, { waiting: { reason: 'CrashLoopBackOff', message } })
    this.#status.report()
    this.#after([RESTART_MS, 0], () => {
      if (this.#stopping) return
      this.#containers.set(name, { running: { startedAt: timestamp(this.#context.clock.now()) } })
      this.#status.report()
      void this.#bootEmqx(container, version, credentials)
    })
  }

  #failPull(container: Container, failures: number): void {
    if (this.#stopping) return
    const { name, image } = container
    this.#emit(name, 'Normal', 'Pulling', `Pulling image "${image}"`)
    this.#emit(name, 'Warning', 'Failed', pullError(image, readImage(image).canonical))
    this.#emit(name, 'Warning', 'Failed', 'Error: ErrImagePull')
    this.#containers.set(name, {
      waiting: { reason: 'ErrImagePull', message: pullError(image, readImage(image).canonical) },
    })
    this.#status.report()
    const retryMs = retryAfterMs(failures)
    for (let atMs = BACK_OFF_AFTER_MS; atMs < retryMs; atMs += MENTION_MS)
      this.#after([atMs, 0], () => this.#backOff(container))
    this.#after([retryMs, 0], () => this.#failPull(container, failures + 1))
  }

  #backOff({ name, image }: Container): void {
    if (this.#stopping) return
    const message = `Back-off pulling image "${image}"`
    this.#emit(name, 'Normal', 'BackOff', message)
    this.#emit(name, 'Warning', 'Failed', 'Error: ImagePullBackOff')
    this.#containers.set(name, { waiting: { reason: 'ImagePullBackOff', message } })
    this.#status.report()
  }

  #terminate(): void {
    if (this.#stopping) return
    this.#stopping = true
    for (const [name, state] of this.#containers)
      if ('running' in state) this.#emit(name, 'Normal', 'Killing', `Stopping container ${name}`)
    this.#boot.abort(new Error('the pod is being deleted'))
    const graceMs = (this.#pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000
    const ended = Promise.withResolvers<number>()
    if (this.#node === undefined) ended.resolve(0)
    else {
      const node = this.#node
      this.#after(STOPPING_MS, () => node.terminate().then(() => ended.resolve(0), ended.reject))
      this.#after([graceMs, 0], () => {
        this.#node?.kill()
        ended.resolve(137)
      })
    }
    ended.promise
      .then((exitCode) => this.#after(ENDED_LAG_MS, () => void this.#finish(exitCode)))
      .catch(this.#failed)
  }

  /** Reports the end, then takes the pod out of the API. */
  async #finish(exitCode: number): Promise<void> {
    const { clock, kube } = this.#context
    const finishedAt = timestamp(clock.now())
    for (const { name } of this.#pod.spec.containers) {
      const before = this.#containers.get(name)
      const startedAt = before !== undefined && 'running' in before ? before.running.startedAt : finishedAt
      const reason = exitCode === 0 ? 'Completed' : 'Error'
      this.#containers.set(name, {
        terminated: { exitCode, reason, startedAt, finishedAt, containerID: containerId(this.#pod, name) },
      })
    }
    this.#ready.clear()
    await this.#status.send()
    const { name, namespace, uid } = this.#pod.metadata
    await kube
      .delete(resources.pods, namespace, name, { gracePeriodSeconds: 0, ...(uid !== undefined && { uid }) })
      .catch((error: Error) => {
        if (isGone(error) || this.#closed) return
        this.#context.log(`delete ${name}: ${error.message}`)
        this.#after([DELETE_RETRY_MS, 0], () => void this.#finish(exitCode))
      })
  }
}
