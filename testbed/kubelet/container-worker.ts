import { type Container, type ContainerState, type Pod, timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Random } from '../runtime/random.ts'
import { BACK_OFF_AFTER_MS, MENTION_MS, pullError, retryAfterMs } from './image.ts'
import { ContainerLog } from './logs/container-log.ts'
import type { NoLog } from './logs/serve-logs.ts'
import { type ContainerFacts, containerId } from './pod-status.ts'
import { watchProbe } from './probe.ts'
import type { Print, Running } from './program.ts'
import { isRestarted, restartDelayMs } from './restart.ts'

/** A wait: the least, and how much more it may be, in milliseconds. */
export type Range = readonly [leastMs: number, spreadMs: number]

/** What a container's worker needs of its pod's. */
export interface ContainerHost {
  readonly clock: Clock
  readonly random: Random
  readonly podIp: string
  pod(): Pod
  /** Runs it later, unless the pod is gone by then. */
  after(range: Range, run: () => void): void
  emit(container: string, type: 'Normal' | 'Warning', reason: string, message: string): void
  /** The pod's status may be another now. */
  changed(): void
}

export const READY_LAG_MS: Range = [100, 400]
/** How far into a period a container's first probe may fall. */
const PROBE_PHASE_MS = 2000

/** One container of a pod, from the pull of its image to its end. */
export class ContainerWorker {
  readonly container: Container
  readonly facts: ContainerFacts = { state: undefined, ready: false, restarts: 0, lastState: {} }
  readonly #host: ContainerHost
  readonly #probes = new Set<() => void>()
  #running: Running | undefined
  /** Of the run now, or the last one; and of the run before, as long as a runtime keeps them. */
  #log: ContainerLog | undefined
  #previousLog: ContainerLog | undefined
  #startedAtMs = 0
  #failures = 0
  #stopping = false

  constructor(host: ContainerHost, container: Container) {
    this.#host = host
    this.container = container
  }

  /** The image is there: runs it, and again after each end for as long as the pod's restart policy says so. */
  run(start: (print: Print) => Running): void {
    const { clock, emit } = this.#host
    const { name, image } = this.container
    emit(name, 'Normal', 'Pulled', `Container image "${image}" already present on machine`)
    emit(name, 'Normal', 'Created', `Created container: ${name}`)
    emit(name, 'Normal', 'Started', `Started container ${name}`)
    this.#startedAtMs = clock.now()
    this.facts.state = { running: { startedAt: timestamp(this.#startedAtMs) } }
    this.#probe()
    this.#previousLog = this.#log
    const log = new ContainerLog(() => clock.now())
    this.#log = log
    const running = start(log.print)
    this.#running = running
    void running.exited.then((exitCode) => {
      log.end()
      if (this.#running === running) this.#ended(exitCode, start)
    })
  }

  /** What it printed: in its run now, or in the one before. */
  logOf(previous: boolean): ContainerLog | NoLog {
    const { metadata } = this.#host.pod()
    const which = `container ${JSON.stringify(this.container.name)} in pod ${JSON.stringify(metadata.name)}`
    if (previous) return this.#previousLog ?? { why: `previous terminated ${which} not found` }
    const { state } = this.facts
    const reason = state !== undefined && 'waiting' in state ? state.waiting.reason : 'ContainerCreating'
    return this.#log ?? { why: `${which} is waiting to start: ${reason}` }
  }

  #ended(exitCode: number, start: (print: Print) => Running): void {
    this.#running = undefined
    const terminated = this.#terminated(exitCode)
    this.#stopProbes()
    this.facts.ready = false
    this.facts.state = terminated
    if (this.#stopping) return
    if (isRestarted(this.#host.pod(), exitCode)) this.#again(terminated, start)
    else this.#host.changed()
  }

  /** Ended by itself: it is started again, after a pause that doubles. */
  #again(terminated: ContainerState, start: (print: Print) => Running): void {
    const { clock, emit, pod } = this.#host
    const { name } = this.container
    const { delayMs, failures } = restartDelayMs(this.#failures, clock.now() - this.#startedAtMs)
    this.#failures = failures
    this.facts.lastState = terminated
    if (delayMs > 0) {
      const { name: podName, namespace, uid } = pod().metadata
      const which = `container ${name} in pod ${podName}_${namespace}(${uid})`
      emit(name, 'Warning', 'BackOff', `Back-off restarting failed ${which}`)
      const message = `back-off ${delayMs / 1000}s restarting failed container=${name} pod=${podName}_${namespace}(${uid})`
      this.facts.state = { waiting: { reason: 'CrashLoopBackOff', message } }
    }
    this.#host.changed()
    this.#host.after([delayMs, 0], () => {
      if (this.#stopping) return
      this.facts.restarts++
      this.run(start)
      this.#host.changed()
      this.#host.after(READY_LAG_MS, () => {
        this.settle()
        this.#host.changed()
      })
    })
  }

  /** It has run for a moment: without a probe it counts as ready. */
  settle(): void {
    if (this.isRunning && this.container.readinessProbe?.httpGet === undefined) this.facts.ready = true
  }

  /** The image cannot be pulled; it is tried again and again. */
  failPull(canonical: string, failures = 1): void {
    if (this.#stopping) return
    const { after, emit } = this.#host
    const { name, image } = this.container
    const message = pullError(image, canonical)
    emit(name, 'Normal', 'Pulling', `Pulling image "${image}"`)
    emit(name, 'Warning', 'Failed', message)
    emit(name, 'Warning', 'Failed', 'Error: ErrImagePull')
    this.facts.state = { waiting: { reason: 'ErrImagePull', message } }
    this.#host.changed()
    const retryMs = retryAfterMs(failures)
    for (let atMs = BACK_OFF_AFTER_MS; atMs < retryMs; atMs += MENTION_MS)
      after([atMs, 0], () => this.#backOffPull())
    after([retryMs, 0], () => this.failPull(canonical, failures + 1))
  }

  #backOffPull(): void {
    if (this.#stopping) return
    const { name, image } = this.container
    const message = `Back-off pulling image "${image}"`
    this.#host.emit(name, 'Normal', 'BackOff', message)
    this.#host.emit(name, 'Warning', 'Failed', 'Error: ImagePullBackOff')
    this.facts.state = { waiting: { reason: 'ImagePullBackOff', message } }
    this.#host.changed()
  }

  #probe(): void {
    const { clock, random, podIp } = this.#host
    const { readinessProbe, livenessProbe } = this.container
    const common = { clock, podIp, container: this.container }
    if (readinessProbe?.httpGet !== undefined)
      this.#probes.add(
        watchProbe({
          ...common,
          probe: readinessProbe,
          first: false,
          phaseMs: random() * PROBE_PHASE_MS,
          onChange: (ready) => {
            this.facts.ready = ready
            this.#host.changed()
          },
        }),
      )
    if (livenessProbe?.httpGet !== undefined)
      this.#probes.add(
        watchProbe({
          ...common,
          probe: livenessProbe,
          first: true,
          phaseMs: random() * PROBE_PHASE_MS,
          onChange: () => this.#dead(),
        }),
      )
  }

  #dead(): void {
    const { name } = this.container
    this.#host.emit(name, 'Normal', 'Killing', `Container ${name} failed liveness probe, will be restarted`)
    const victim = this.#running
    victim?.terminate()
    const graceSeconds = this.#host.pod().spec.terminationGracePeriodSeconds ?? 30
    this.#host.after([graceSeconds * 1000, 0], () => {
      if (this.#running === victim) victim?.kill()
    })
  }

  get isRunning(): boolean {
    return this.#running !== undefined
  }

  /** From now on it is not started again. Resolves with its exit code when it has ended. */
  async stop(): Promise<number> {
    this.#stopping = true
    const running = this.#running
    if (running === undefined) return exitCodeOf(this.facts.state) ?? 0
    await this.#beforeStop(running)
    running.terminate()
    return running.exited
  }

  /** The container's own command for its end. What it says, the container ends all the same. */
  async #beforeStop(running: Running): Promise<void> {
    const { name, lifecycle } = this.container
    const command = lifecycle?.preStop?.exec?.command
    if (command === undefined || running.exec === undefined) return
    const exitCode = await Promise.race([running.exec(command), running.exited.then(() => 0)])
    if (exitCode !== 0)
      this.#host.emit(name, 'Warning', 'FailedPreStopHook', `PreStopHook failed: exit code ${exitCode}`)
  }

  forbidRestart(): void {
    this.#stopping = true
  }

  kill(): void {
    this.#stopping = true
    this.#stopProbes()
    this.#running?.kill()
  }

  /** The state that is reported at the pod's end. */
  finish(exitCode: number): void {
    this.#stopProbes()
    this.facts.ready = false
    this.facts.state = this.#terminated(exitCode)
  }

  #stopProbes(): void {
    for (const stop of this.#probes) stop()
    this.#probes.clear()
  }

  #terminated(exitCode: number): ContainerState {
    const { state, restarts: count } = this.facts
    if (state !== undefined && 'terminated' in state) return state
    const finishedAt = timestamp(this.#host.clock.now())
    return {
      terminated: {
        exitCode,
        reason: exitCode === 0 ? 'Completed' : 'Error',
        startedAt: state !== undefined && 'running' in state ? state.running.startedAt : finishedAt,
        finishedAt,
        containerID: containerId(this.#host.pod(), this.container.name, count),
      },
    }
  }
}

function exitCodeOf(state: ContainerState | undefined): number | undefined {
  return state !== undefined && 'terminated' in state ? state.terminated.exitCode : undefined
}
