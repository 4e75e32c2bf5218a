import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { Clock } from '../runtime/clock.ts'
import type { EventRecorder } from '../runtime/event-recorder.ts'
import type { Random } from '../runtime/random.ts'
import { type ContainerHost, ContainerWorker, type Range, READY_LAG_MS } from './container-worker.ts'
import type { Image } from './image.ts'
import type { ContainerLog } from './logs/container-log.ts'
import type { NoLog } from './logs/serve-logs.ts'
import type { PodFacts } from './pod-status.ts'
import type { Print, Program, Running } from './program.ts'
import { isGone, StatusReporter } from './status-reporter.ts'

/** An image as this kubelet has it. */
export interface LocalImage extends Image {
  program: Program
}

export interface WorkerContext {
  kube: KubeApi
  clock: Clock
  random: Random
  events: EventRecorder
  hostIp: string
  /** What a pull of this image gives. */
  pull(image: string): LocalImage
  log(line: string): void
}

/** Waits in a pod's life, as recorded on a machine that was not busy. */
const CREATING_MS: Range = [20, 80]
const STARTING_MS: Range = [300, 700]
const GATE_LAG_MS: Range = [50, 100]
/** From the deletion until the container has its SIGTERM: recorded 70 to 170 ms. */
const STOPPING_MS: Range = [70, 60]
const ENDED_LAG_MS: Range = [100, 150]
const MOUNT_RETRY_MS: Range = [1000, 0]
const DELETE_RETRY_MS: Range = [500, 0]

/** One pod, from its binding to its end. */
export class PodWorker implements ContainerHost {
  readonly podIp: string
  readonly clock: Clock
  readonly random: Random
  readonly #context: WorkerContext
  readonly #startedAtMs: number
  readonly #containers: ContainerWorker[]
  readonly #timers = new Set<() => void>()
  readonly #status: StatusReporter
  #pod: Pod
  #sandbox = false
  #stopping = false
  #closed = false

  constructor(context: WorkerContext, pod: Pod, podIp: string) {
    this.#context = context
    this.clock = context.clock
    this.random = context.random
    this.#pod = pod
    this.podIp = podIp
    this.#startedAtMs = context.clock.now()
    this.#containers = pod.spec.containers.map((container) => new ContainerWorker(this, container))
    this.#status = new StatusReporter(context, () => ({ pod: this.#pod, facts: this.#facts() }))
    this.after(CREATING_MS, () => {
      this.#status.report()
      this.after(STARTING_MS, () => void this.#start())
    })
    if (pod.metadata.deletionTimestamp !== undefined) this.#terminate()
  }

  readonly pod = (): Pod => this.#pod

  /** What a container printed. */
  logOf(container: string, previous: boolean): ContainerLog | NoLog {
    const worker = this.#containers.find((one) => one.container.name === container)
    const { name } = this.#pod.metadata
    return worker?.logOf(previous) ?? { why: `container ${container} is not valid for pod ${name}` }
  }

  /** A newer version of the pod. */
  update(pod: Pod): void {
    this.#pod = pod
    if (pod.metadata.deletionTimestamp !== undefined) this.#terminate()
    else if (pod.spec.readinessGates !== undefined) this.after(GATE_LAG_MS, () => this.#status.report())
  }

  /** The pod is gone from the API, or the kubelet stops: ends everything. */
  close(): void {
    this.#closed = true
    this.#status.close()
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
    for (const container of this.#containers) container.kill()
  }

  readonly after = ([leastMs, spreadMs]: Range, run: () => void): void => {
    if (this.#closed) return
    const cancel = this.clock.after(leastMs + this.random() * spreadMs, () => {
      this.#timers.delete(cancel)
      run()
    })
    this.#timers.add(cancel)
  }

  readonly emit = (
    container: string | undefined,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void => {
    const pod = { ...this.#pod, apiVersion: 'v1', kind: 'Pod' }
    const fieldPath = container && `spec.containers{${container}}`
    this.#context.events.emit(pod, type, reason, message, fieldPath)
  }

  readonly changed = (): void => {
    this.#status.report()
  }

  #facts(): Omit<PodFacts, 'reported'> {
    return {
      hostIp: this.#context.hostIp,
      podIp: this.#sandbox ? this.podIp : undefined,
      startedAtMs: this.#startedAtMs,
      containers: new Map(this.#containers.map(({ container, facts }) => [container.name, facts])),
    }
  }

  readonly #failed = (error: Error): void => {
    this.#context.log(`pod ${this.#pod.metadata.name}: ${error.message}`)
  }

  async #start(): Promise<void> {
    if (this.#stopping) return
    const starts = await this.#prepare().catch((error: Error) => void this.#failed(error))
    if (this.#closed || this.#stopping) return
    if (starts === undefined) {
      this.after(MOUNT_RETRY_MS, () => void this.#start())
      return
    }
    this.#sandbox = true
    for (const worker of this.#containers) {
      const start = starts.get(worker)
      if (start !== undefined) worker.run(start)
      else worker.failPull(this.#context.pull(worker.container.image).canonical)
    }
    this.after(READY_LAG_MS, () => {
      if (this.#stopping) return
      for (const worker of this.#containers) worker.settle()
      this.#status.report()
    })
  }

  /** What starts each container whose image can be pulled. Undefined while one lacks what it mounts: then nothing starts yet. */
  async #prepare(): Promise<Map<ContainerWorker, (print: Print) => Running> | undefined> {
    const starts = new Map<ContainerWorker, (print: Print) => Running>()
    for (const worker of this.#containers) {
      const { container } = worker
      const { pullable, program } = this.#context.pull(container.image)
      if (!pullable) continue
      const prepared = await program.prepare({ pod: this.#pod, container, podIp: this.podIp })
      if ('missing' in prepared) {
        this.emit(undefined, 'Warning', 'FailedMount', prepared.missing)
        return undefined
      }
      starts.set(worker, prepared.start)
    }
    return starts
  }

  #terminate(): void {
    if (this.#stopping) return
    this.#stopping = true
    const running = this.#containers.filter(({ isRunning }) => isRunning)
    for (const worker of this.#containers) worker.forbidRestart()
    for (const { container } of running)
      this.emit(container.name, 'Normal', 'Killing', `Stopping container ${container.name}`)
    const graceMs = (this.#pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000
    const ended = Promise.withResolvers<number[]>()
    if (running.length === 0) ended.resolve(this.#containers.map(() => 0))
    else {
      this.after(STOPPING_MS, () => {
        Promise.all(this.#containers.map((worker) => worker.stop())).then(ended.resolve, ended.reject)
      })
      this.after([graceMs, 0], () => {
        for (const worker of running) worker.kill()
      })
    }
    ended.promise
      .then((exitCodes) => this.after(ENDED_LAG_MS, () => void this.#finish(exitCodes)))
      .catch(this.#failed)
  }

  /** Reports the end, then takes the pod out of the API. */
  async #finish(exitCodes: readonly number[]): Promise<void> {
    this.#containers.forEach((worker, i) => {
      worker.finish(exitCodes[i] ?? 0)
    })
    await this.#status.send()
    const { name, namespace, uid } = this.#pod.metadata
    await this.#context.kube
      .delete(resources.pods, namespace, name, { gracePeriodSeconds: 0, ...(uid !== undefined && { uid }) })
      .catch((error: Error) => {
        if (isGone(error) || this.#closed) return
        this.#context.log(`delete ${name}: ${error.message}`)
        this.after(DELETE_RETRY_MS, () => void this.#finish(exitCodes))
      })
  }
}
