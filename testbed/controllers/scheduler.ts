import { isDeepStrictEqual } from 'node:util'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import { keyOf, type Node, type Pod, timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { Cache } from '../runtime/cache.ts'
import { EventRecorder } from '../runtime/event-recorder.ts'
import { WorkQueue } from '../runtime/work-queue.ts'
import { refusalWords, whyNotOn } from './node-room.ts'

const MINE = 'default-scheduler'
const CORDONED = refusalWords('1 node(s) were unschedulable', 'Preemption is not helpful for scheduling')

/**
 * Binds every pod without a node to the one Node, where its requests fit, and emits an Event. A pod that does not fit waits, and is tried
 * again when another one ends or the Node changes.
 */
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

  /** Pods that were bound, until the cache shows it: what they take is taken. By key, their uid. */
  const bound = new Map<string, string>()
  const isBound = (pod: Pod) => bound.get(keyOf(pod)) === pod.metadata.uid

  /** Pods that take room: on the Node, and not at their end. */
  const onNode = () =>
    pods.all().filter((pod) => (pod.spec.nodeName === nodeName || isBound(pod)) && !hasEnded(pod))

  const retry = () => {
    for (const pod of pods.all()) if (isWaiting(pod)) queue.add(keyOf(pod))
  }

  async function bind(key: string): Promise<void> {
    const pod = pods.get(key)
    if (!pod || !isWaiting(pod) || isBound(pod)) return
    // Asked, not remembered: a node that was cordoned before the pod came must not get it.
    const node = await unlessGone(kube.get<Node>(resources.nodes, undefined, nodeName))
    if (node?.spec?.unschedulable) return refuse(pod, CORDONED)
    const lack = node && whyNotOn(node, pod, onNode())
    if (lack !== undefined) return refuse(pod, lack)
    const { name, namespace = 'default', uid } = pod.metadata
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/binding`
    const { status, body } = await kube.raw('POST', path, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace, uid },
      target: { apiVersion: 'v1', kind: 'Node', name: nodeName },
    })
    if (status < 300) {
      bound.set(key, uid ?? '')
      const named = { ...pod, apiVersion: 'v1', kind: 'Pod' }
      events.emit(named, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${nodeName}`)
      return
    }
    // Gone, or bound by another scheduler.
    if (status !== 404 && status !== 409)
      throw new Error(`binding ${key} was answered with ${status}: ${JSON.stringify(body)}`)
  }

  /** The only node does not take it. The pod waits, and says why. */
  async function refuse(pod: Pod, why: string): Promise<void> {
    const before = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
    if (before?.reason === 'Unschedulable' && before.message === why) return
    const { name, namespace } = pod.metadata
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: why,
      lastProbeTime: null,
      lastTransitionTime: timestamp(),
    }
    const status = { conditions: [condition] }
    await unlessGone(
      kube.patch(resources.pods, namespace, name, 'strategic', { status }, { subresource: 'status' }),
    )
    events.emit({ ...pod, apiVersion: 'v1', kind: 'Pod' }, 'Warning', 'FailedScheduling', why)
  }

  // One at a time: what one takes, the next does not find.
  const queue = new WorkQueue(bind, {
    workers: 1,
    onError: (key, error) => onError(`scheduler ${key}`, error),
  })
  const pods = new Cache<Pod>(kube, resources.pods, (pod, before) => {
    const known = pod ?? before
    if (known && (!pod || pod.spec.nodeName)) bound.delete(keyOf(known))
    if (pod && isWaiting(pod)) queue.add(keyOf(pod))
    if (before?.spec.nodeName && !hasEnded(before) && (!pod || hasEnded(pod))) retry()
  })
  const nodes = new Cache<Node>(kube, resources.nodes, (node, before) => {
    if (node && before && hasChanged(node, before)) retry()
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

const hasEnded = ({ status }: Pod) => status?.phase === 'Succeeded' || status?.phase === 'Failed'

/** Whether a pod that did not fit may fit now. */
const hasChanged = (node: Node, before: Node) =>
  node.spec?.unschedulable !== before.spec?.unschedulable ||
  !isDeepStrictEqual(node.status?.allocatable, before.status?.allocatable)

const isWaiting = ({ spec, metadata }: Pod) =>
  !spec.nodeName && !metadata.deletionTimestamp && (spec.schedulerName ?? MINE) === MINE
