import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import { timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { type Clock, realClock } from './clock.ts'
import { EventCorrelator, type EventText } from './event-correlator.ts'

export interface RecorderOptions {
  kube: KubeApi
  /** The part that writes the Events. */
  component: string
  /** The Node that it runs on, where it has one. */
  host?: string
  /** Newer client-go repeats the component here, older leaves it empty; default the component. */
  reportingComponent?: string
  clock?: Clock
  /** An Event that could not be written. The work that it reports goes on. */
  onError(error: unknown): void
}

/** Writes the core/v1 Events of one component, in the background and in the order in which things happened. */
export class EventRecorder {
  readonly #options: RecorderOptions
  readonly #clock: Clock
  readonly #correlator: EventCorrelator
  #last: Promise<void> = Promise.resolve()
  #serial = 0
  #stopped = false

  constructor(options: RecorderOptions) {
    this.#options = options
    this.#clock = options.clock ?? realClock
    this.#correlator = new EventCorrelator(this.#clock)
  }

  /** `fieldPath` names the part of the object that the Event is about, e.g. "spec.containers{emqx}". */
  emit(
    object: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    fieldPath?: string,
  ): void {
    const atMs = Math.trunc(this.#clock.now())
    this.#last = this.#last
      .then(() => this.#write(object, fieldPath, { type, reason, message }, atMs))
      .catch((error: unknown) => {
        if (!this.#stopped) this.#options.onError(error)
      })
  }

  /** Resolves when everything so far is written. */
  flush(): Promise<void> {
    return this.#last
  }

  /** Events that are still to be written are dropped. */
  stop(): void {
    this.#stopped = true
  }

  async #write(
    object: KubeObject,
    fieldPath: string | undefined,
    event: EventText,
    atMs: number,
  ): Promise<void> {
    if (this.#stopped) return
    const { namespace, name, uid } = object.metadata
    const id = `${object.kind}/${namespace}/${name}/${uid}`
    const verdict = this.#correlator.correlate(id, event, fieldPath)
    if (verdict.what === 'drop') return
    const { key, message } = verdict
    if (verdict.what === 'count') {
      const change = { count: verdict.count, lastTimestamp: timestamp(atMs), message }
      const { kube } = this.#options
      if (await unlessGone(kube.patch(resources.events, namespace, verdict.name, 'merge', change))) return
      this.#correlator.lost(key)
    }
    this.#correlator.created(key, await this.#create(object, fieldPath, { ...event, message }, atMs))
  }

  async #create(
    object: KubeObject,
    fieldPath: string | undefined,
    event: EventText,
    atMs: number,
  ): Promise<string> {
    const { kube, component, host, reportingComponent = component } = this.#options
    const { namespace = 'default', name, uid, resourceVersion } = object.metadata
    const { apiVersion, kind } = object
    const time = timestamp(atMs)
    this.#serial += 1
    // As client-go names Events: nanoseconds in hex.
    const suffix = (BigInt(atMs) * 1_000_000n + BigInt(this.#serial % 1_000_000)).toString(16)
    const eventName = `${name}.${suffix}`
    await kube.create(resources.events, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: eventName, namespace },
      involvedObject: { apiVersion, kind, name, namespace, uid, resourceVersion, fieldPath },
      ...event,
      source: { component, host },
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      eventTime: null,
      reportingComponent,
      reportingInstance: host ?? '',
    })
    return eventName
  }
}
