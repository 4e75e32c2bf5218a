import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { unlessGone } from './api-errors.ts'

/** So many different messages are remembered for counting; older ones begin a new Event. */
const MEMORY = 512

const seconds = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')

/** Writes the core/v1 Events of one component. The same message about the same object again raises the Event's count. */
export class EventRecorder {
  readonly #kube: KubeApi
  readonly #component: string
  readonly #onError: (error: unknown) => void
  readonly #known = new Map<string, { name: string; count: number }>()
  /** One after the other, so that they arrive in the order in which things happened. */
  #tail: Promise<void> = Promise.resolve()
  #isStopped = false

  constructor(kube: KubeApi, component: string, onError: (error: unknown) => void) {
    this.#kube = kube
    this.#component = component
    this.#onError = onError
  }

  /** An Event that cannot be written is reported by onError; the work that it tells of goes on. */
  emit(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const nowMs = Date.now()
    this.#tail = this.#tail
      .then(() => this.#write(object, type, reason, message, nowMs))
      .catch((error: unknown) => {
        if (!this.#isStopped) this.#onError(error)
      })
  }

  /** Events that are still to be written are dropped. */
  stop(): void {
    this.#isStopped = true
  }

  async #write(
    object: KubeObject,
    type: string,
    reason: string,
    message: string,
    nowMs: number,
  ): Promise<void> {
    if (this.#isStopped) return
    const { name, namespace = 'default', uid, resourceVersion } = object.metadata
    const key = [uid, type, reason, message].join('\n')
    const known = this.#known.get(key)
    if (known) {
      known.count++
      const again = { count: known.count, lastTimestamp: seconds(nowMs) }
      if (await unlessGone(this.#kube.patch(resources.events, namespace, known.name, 'merge', again))) return
    }
    const event: KubeObject = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${uniqueSuffix(nowMs)}`, namespace },
      involvedObject: {
        apiVersion: object.apiVersion,
        kind: object.kind,
        name,
        namespace,
        uid,
        resourceVersion,
      },
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: seconds(nowMs),
      lastTimestamp: seconds(nowMs),
      source: { component: this.#component },
      reportingComponent: this.#component,
      reportingInstance: '',
    }
    await this.#kube.create(resources.events, event)
    this.#remember(key, event.metadata.name)
  }

  #remember(key: string, name: string): void {
    this.#known.set(key, { name, count: 1 })
    const oldest = this.#known.keys().next().value
    if (this.#known.size > MEMORY && oldest !== undefined) this.#known.delete(oldest)
  }
}

let last = 0n

/** Nanoseconds in hex, as client-go names Events; never the same twice. */
function uniqueSuffix(nowMs: number): string {
  const now = BigInt(nowMs) * 1_000_000n
  last = now > last ? now : last + 1n
  return last.toString(16)
}
