import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '#weir/errors/index.ts'
import { type KubeApi, KubeApiError } from '../kubernetes/types.ts'
import { LineReader } from './lines.ts'
import { type LogLine, type LogRequest, type LogTarget, logPath } from './log-request.ts'
import { LogPosition } from './position.ts'

export interface FollowedLog {
  onLine(line: LogLine): void
  /** The log is open: what comes is followed. Called once. */
  onStart(): void
  /** Lines may be missing from the last one on. */
  onGap(why: string): void
  /** Nothing more will come: the pod is gone, and its log was read to the end. */
  onEnd(): void
  /** The API server does not allow it (401, 403). Nothing more will come. */
  onRefused(error: KubeApiError): void
  /** How often the container has restarted, as far as it is known. */
  restarts(): number
  /** The pod is known to be gone: another may have its name by now. */
  isGone(): boolean
}

const RETRY_MS = 500

/**
 * Follows the log of one container until its pod is gone or the signal aborts: also over restarts of the container, and over
 * connections that break. No line comes twice; where some may be missing, `onGap` says so. Never rejects.
 *
 * @param since lines from this time on, by the node's clock; all of them when left out
 */
export async function followLog(
  kube: Pick<KubeApi, 'stream'>,
  target: LogTarget,
  followed: FollowedLog,
  { since, signal }: { since?: Date | undefined; signal: AbortSignal },
): Promise<void> {
  await new LogFollower(kube, target, followed, since, signal).run()
}

class LogFollower {
  readonly #kube: Pick<KubeApi, 'stream'>
  readonly #target: LogTarget
  readonly #followed: FollowedLog
  readonly #since: Date | undefined
  readonly #signal: AbortSignal
  readonly #position = new LogPosition()
  #isStarted = false
  /** The last connection ended before the log did. */
  #broken: string | undefined
  /** Lines that are known do not come again: after a break some may be missing, after an end it is the container's next run. */
  #mayMiss = false
  #restarts = 0

  constructor(
    kube: Pick<KubeApi, 'stream'>,
    target: LogTarget,
    followed: FollowedLog,
    since: Date | undefined,
    signal: AbortSignal,
  ) {
    this.#kube = kube
    this.#target = target
    this.#followed = followed
    this.#since = since
    this.#signal = signal
  }

  async run(): Promise<void> {
    while (!this.#signal.aborted) {
      if (this.#followed.isGone()) {
        this.#gone()
        return
      }
      const isOver = await this.#once().catch((error: unknown) => this.#failed(error))
      if (isOver) return
      await sleep(RETRY_MS, undefined, { signal: this.#signal }).catch(() => {})
    }
    if (this.#broken !== undefined) this.#followed.onGap(`it could not be read again: ${this.#broken}`)
  }

  async #once(): Promise<boolean> {
    const restarts = this.#followed.restarts()
    const isResumed = this.#isStarted
    if (isResumed && restarts > this.#restarts) await this.#restarted(restarts)
    else if (isResumed) this.#resumed()
    this.#restarts = restarts
    await this.#read({ follow: true })
    // The container has ended, or the server closed the connection in order.
    return false
  }

  /** The container was started again: the end of its run before comes first. */
  async #restarted(restarts: number): Promise<void> {
    if (this.#broken !== undefined) {
      this.#resumed()
      await this.#read({ previous: true }).catch((error: unknown) => {
        if (!(error instanceof KubeApiError)) throw error
        this.#followed.onGap(`the log before the restart cannot be read: ${error.message}`)
      })
    }
    if (restarts > this.#restarts + 1)
      this.#followed.onGap(`the container restarted ${restarts - this.#restarts} times meanwhile`)
    this.#position.restart()
  }

  #resumed(): void {
    this.#mayMiss = this.#broken !== undefined
    if (this.#mayMiss && this.#position.isSetBack)
      this.#followed.onGap("the node's clock was set back meanwhile")
    this.#position.resume()
  }

  async #read(request: LogRequest): Promise<void> {
    const since = this.#position.since ?? this.#since
    const stream = await this.#kube.stream(logPath(this.#target, { ...request, since }), this.#signal)
    this.#broken = undefined
    if (!this.#isStarted) {
      this.#isStarted = true
      this.#restarts = this.#followed.restarts()
      this.#followed.onStart()
    }
    const reader = new LineReader()
    for await (const chunk of stream) for (const line of reader.take(chunk)) this.#take(line)
    for (const line of reader.end()) this.#take(line)
  }

  #take(line: LogLine): void {
    const kind = this.#position.take(line)
    if (kind === 'unexpected' && this.#mayMiss)
      this.#followed.onGap(
        'the log does not go on where it was left: it was rotated, or the container restarted',
      )
    if (kind !== 'known') this.#followed.onLine(line)
  }

  /** Whether nothing more will come. */
  #failed(error: unknown): boolean {
    // What ends by the caller's wish is not broken.
    if (this.#signal.aborted) return false
    const status = error instanceof KubeApiError ? error.status : undefined
    if (status === 404) {
      this.#gone()
      return true
    }
    // The container has not started yet, or the kubelet is starting it again.
    if (status === 400 && /waiting to start|not found|ContainerCreating/.test(messageOf(error))) return false
    if (status === 400) {
      this.#followed.onGap(`the log cannot be read: ${messageOf(error)}`)
      return true
    }
    if (status === 401 || status === 403) {
      this.#followed.onRefused(error as KubeApiError)
      return true
    }
    this.#broken = messageOf(error)
    return false
  }

  #gone(): void {
    if (this.#broken !== undefined) this.#followed.onGap(`the pod is gone, and before that: ${this.#broken}`)
    else if (this.#isStarted) this.#followed.onEnd()
  }
}
