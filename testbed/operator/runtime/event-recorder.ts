import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { type Clock, timestamp } from './clock.ts'
import { isNotFound } from './errors.ts'
import { EventCorrelator, type EventText } from './event-correlator.ts'

export interface EventRecorder {
  /** Writes in the background, in order; a failure to write is logged, never thrown. */
  event(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void
  /** Resolves when everything so far is written. */
  flush(): Promise<void>
}

export interface RecorderOptions {
  kube: KubeApi
  clock: Clock
  component: string
  /** Newer client-go repeats the component here, older leaves it empty. */
  reportingComponent: string
  log(line: string): void
}

export function createRecorder({
  kube,
  clock,
  component,
  reportingComponent,
  log,
}: RecorderOptions): EventRecorder {
  const correlator = new EventCorrelator(clock)
  let last: Promise<void> = Promise.resolve()
  let serial = 0

  async function create(object: KubeObject, event: EventText, key: string, atMs: number) {
    const { namespace = 'default', name, uid, resourceVersion } = object.metadata
    const time = timestamp(atMs)
    serial += 1
    const suffix = (BigInt(atMs) * 1_000_000n + BigInt(serial % 1_000_000)).toString(16)
    const eventName = `${name}.${suffix}`
    await kube.create(resources.events, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: eventName, namespace },
      involvedObject: {
        apiVersion: object.apiVersion,
        kind: object.kind,
        name,
        namespace,
        uid,
        resourceVersion,
      },
      ...event,
      source: { component },
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      eventTime: null,
      reportingComponent,
      reportingInstance: '',
    })
    correlator.created(key, eventName)
  }

  async function write(object: KubeObject, event: EventText, atMs: number): Promise<void> {
    const id = `${object.kind}/${object.metadata.namespace}/${object.metadata.name}/${object.metadata.uid}`
    const verdict = correlator.correlate(id, event)
    if (verdict.what === 'drop') return
    const shown = { ...event, message: verdict.message }
    if (verdict.what === 'create') return create(object, shown, verdict.key, atMs)
    const change = { count: verdict.count, lastTimestamp: timestamp(atMs), message: verdict.message }
    try {
      await kube.patch(resources.events, object.metadata.namespace, verdict.name, 'merge', change)
    } catch (error) {
      if (!isNotFound(error)) throw error
      correlator.lost(verdict.key)
      await create(object, shown, verdict.key, atMs)
    }
  }

  return {
    event(object, type, reason, message) {
      const atMs = clock.now()
      last = last.then(() =>
        write(object, { type, reason, message }, atMs).catch((error: unknown) =>
          log(`event "${message}" not written: ${error instanceof Error ? error.message : String(error)}`),
        ),
      )
    },
    flush: () => last,
  }
}
