import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Clock } from '../emqx/index.ts'
import { type Pod, timestamp } from './types.ts'

/** Writes the kubelet's Events; one that repeats gets a higher count instead of a new object. */
export class PodEvents {
  readonly #kube: KubeApi
  readonly #clock: Clock
  readonly #host: string
  readonly #log: (line: string) => void
  readonly #written = new Map<string, { name: string; count: number }>()
  /** Events go out one after the other, so that they arrive in the order in which things happened. */
  #last: Promise<void> = Promise.resolve()

  constructor(kube: KubeApi, clock: Clock, host: string, log: (line: string) => void) {
    this.#kube = kube
    this.#clock = clock
    this.#host = host
    this.#log = log
  }

  /** `container`: the one that the event is about. Never fails: an Event that cannot be written is logged. */
  emit(
    pod: Pod,
    container: string | undefined,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void {
    const nowMs = this.#clock.now()
    this.#last = this.#last
      .then(() => this.#write(pod, container, type, reason, message, nowMs))
      .catch((error: Error) => this.#log(`event ${reason} of ${pod.metadata.name}: ${error.message}`))
  }

  async #write(
    pod: Pod,
    container: string | undefined,
    type: string,
    reason: string,
    message: string,
    nowMs: number,
  ): Promise<void> {
    const { name: podName, namespace, uid, resourceVersion } = pod.metadata
    const key = [uid, container, reason, message].join('\n')
    const known = this.#written.get(key)
    if (known !== undefined) {
      known.count++
      await this.#kube.patch(resources.events, namespace, known.name, 'merge', {
        count: known.count,
        lastTimestamp: timestamp(nowMs),
      })
      return
    }
    const name = `${podName}.${(BigInt(Math.round(nowMs * 1000)) * 1000n + BigInt(this.#written.size % 1000)).toString(16)}`
    this.#written.set(key, { name, count: 1 })
    await this.#kube.create<KubeObject>(resources.events, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, ...(namespace !== undefined && { namespace }) },
      involvedObject: {
        apiVersion: 'v1',
        kind: 'Pod',
        name: podName,
        namespace,
        uid,
        resourceVersion,
        ...(container !== undefined && { fieldPath: `spec.containers{${container}}` }),
      },
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: timestamp(nowMs),
      lastTimestamp: timestamp(nowMs),
      source: { component: 'kubelet', host: this.#host },
      reportingComponent: 'kubelet',
      reportingInstance: this.#host,
    })
  }
}
