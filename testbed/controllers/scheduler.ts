import { keyOf, type Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { Cache } from '../runtime/cache.ts'
import { EventRecorder } from '../runtime/event-recorder.ts'
import { WorkQueue } from '../runtime/work-queue.ts'

const MINE = 'default-scheduler'

/** Binds every pod without a node to the one Node, and emits an Event. */
export function startScheduler(
  kube: KubeApi,
  nodeName: string,
  onError: (where: string, error: unknown) => void,
): { ready: Promise<void>; stop(): void } {
  const events = new EventRecorder({
    kube,
    component: MINE,
    onError: (error) => onError('scheduler events', error),
  })

  async function bind(key: string): Promise<void> {
    const pod = pods.get(key)
    if (!pod || !isWaiting(pod)) return
    const { name, namespace = 'default', uid } = pod.metadata
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/binding`
    const { status, body } = await kube.raw('POST', path, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace, uid },
      target: { apiVersion: 'v1', kind: 'Node', name: nodeName },
    })
    if (status < 300) {
      const named = { ...pod, apiVersion: 'v1', kind: 'Pod' }
      events.emit(named, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${nodeName}`)
      return
    }
    // Gone, or bound by another scheduler.
    if (status !== 404 && status !== 409)
      throw new Error(`binding ${key} was answered with ${status}: ${JSON.stringify(body)}`)
  }

  const queue = new WorkQueue(bind, { onError: (key, error) => onError(`scheduler ${key}`, error) })
  const pods = new Cache<Pod>(kube, resources.pods, (pod) => {
    if (pod && isWaiting(pod)) queue.add(keyOf(pod))
  })
  return {
    ready: pods.ready,
    stop() {
      pods.stop()
      void queue.stop()
      events.stop()
    },
  }
}

const isWaiting = ({ spec, metadata }: Pod) =>
  !spec.nodeName && !metadata.deletionTimestamp && (spec.schedulerName ?? MINE) === MINE
