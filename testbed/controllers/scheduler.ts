import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import { keyOf, type Node, type Pod, timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { Cache } from '../runtime/cache.ts'
import { EventRecorder } from '../runtime/event-recorder.ts'
import { WorkQueue } from '../runtime/work-queue.ts'

const MINE = 'default-scheduler'
/** In the words of kube-scheduler. */
const CORDONED =
  '0/1 nodes are available: 1 node(s) were unschedulable. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'

/** Binds every pod without a node to the one Node, and emits an Event. */
export function startScheduler(
  kube: KubeApi,
  nodeName: string,
  onError: (where: string, error: unknown) => void,
): { ready: Promise<unknown>; stop(): void } {
  const events = new EventRecorder({
    kube,
    component: MINE,
    onError: (error) => onError('scheduler events', error),
  })

  async function bind(key: string): Promise<void> {
    const pod = pods.get(key)
    if (!pod || !isWaiting(pod)) return
    // Asked, not remembered: a node that was cordoned before the pod came must not get it.
    const node = await unlessGone(kube.get<Node>(resources.nodes, undefined, nodeName))
    if (node?.spec?.unschedulable) return refuse(pod)
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

  /** The only node is cordoned. The pod waits, and says so, until it is not. */
  async function refuse(pod: Pod): Promise<void> {
    const before = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
    if (before?.reason === 'Unschedulable') return
    const { name, namespace } = pod.metadata
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: CORDONED,
      lastProbeTime: null,
      lastTransitionTime: timestamp(),
    }
    const status = { conditions: [condition] }
    await unlessGone(
      kube.patch(resources.pods, namespace, name, 'strategic', { status }, { subresource: 'status' }),
    )
    events.emit({ ...pod, apiVersion: 'v1', kind: 'Pod' }, 'Warning', 'FailedScheduling', CORDONED)
  }

  const queue = new WorkQueue(bind, { onError: (key, error) => onError(`scheduler ${key}`, error) })
  const pods = new Cache<Pod>(kube, resources.pods, (pod) => {
    if (pod && isWaiting(pod)) queue.add(keyOf(pod))
  })
  const nodes = new Cache<Node>(kube, resources.nodes, (node, before) => {
    if (before?.spec?.unschedulable && !node?.spec?.unschedulable)
      for (const pod of pods.all()) if (isWaiting(pod)) queue.add(keyOf(pod))
  })
  return {
    ready: Promise.all([pods.ready, nodes.ready]),
    stop() {
      pods.stop()
      nodes.stop()
      void queue.stop()
      events.stop()
    },
  }
}

const isWaiting = ({ spec, metadata }: Pod) =>
  !spec.nodeName && !metadata.deletionTimestamp && (spec.schedulerName ?? MINE) === MINE
