import { isConflict, isNotFound } from '#weir/cluster/kubernetes/api-errors.ts'
import type { Condition, Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { Clock } from '../runtime/clock.ts'
import { type PodFacts, podStatus, withRemovals } from './pod-status.ts'

const RETRY_MS = 500

export interface ReporterContext {
  kube: KubeApi
  clock: Clock
  log(line: string): void
}

/** Writes one pod's status when it has changed, one request at a time. */
export class StatusReporter {
  readonly #context: ReporterContext
  readonly #read: () => { pod: Pod; facts: Omit<PodFacts, 'reported'> }
  #sent = ''
  #reported: readonly Condition[] = []
  #busy = false
  #again = false
  #closed = false
  #cancelRetry: (() => void) | undefined

  /** `read` is called right before each write. */
  constructor(context: ReporterContext, read: () => { pod: Pod; facts: Omit<PodFacts, 'reported'> }) {
    this.#context = context
    this.#read = read
  }

  /** Something may have changed. */
  report(): void {
    this.#again = true
    if (this.#busy) return
    this.#busy = true
    void this.#drain()
  }

  close(): void {
    this.#closed = true
    this.#cancelRetry?.()
  }

  async #drain(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false
      await this.send()
    }
    this.#busy = false
  }

  /** Writes the status now. A failure is logged and tried again, unless the pod is gone. */
  async send(): Promise<void> {
    const { kube, clock, log } = this.#context
    const { pod, facts } = this.#read()
    const status = podStatus(pod, { ...facts, reported: this.#reported }, clock.now())
    const text = JSON.stringify(status)
    if (text === this.#sent || this.#closed) return
    const { name, namespace, uid } = pod.metadata
    const body = { metadata: { uid }, status: withRemovals(status, this.#reported) }
    try {
      await kube.patch(resources.pods, namespace, name, 'strategic', body, { subresource: 'status' })
      this.#sent = text
      this.#reported = status.conditions ?? []
    } catch (error) {
      if (isGone(error) || this.#closed) return
      log(`status of ${name}: ${(error as Error).message}`)
      this.#cancelRetry = clock.after(RETRY_MS, () => this.report())
    }
  }
}

/** The pod is not there any more, or another of the same name is. */
export const isGone = (error: unknown): boolean => isNotFound(error) || isConflict(error)
