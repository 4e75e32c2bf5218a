import { createHash } from 'node:crypto'
import {
  type Condition,
  type ContainerState,
  type ContainerStatus,
  type Pod,
  type PodStatus,
  timestamp,
} from '#weir/cluster/kubernetes/kinds.ts'
import { readImage } from './image.ts'
import { isRestarted } from './restart.ts'

/** What the kubelet knows of a container. */
export interface ContainerFacts {
  /** Undefined until its image is looked for. */
  state: ContainerState | undefined
  /** It answers; a running one is not ready at once. */
  ready: boolean
  restarts: number
  /** How it ended before its last start; empty when it has not ended yet. */
  lastState: ContainerState | object
}

/** What the kubelet knows of a pod, from which its status follows. */
export interface PodFacts {
  hostIp: string
  podIp: string | undefined
  startedAtMs: number
  containers: ReadonlyMap<string, ContainerFacts>
  /** Conditions as last reported: the ones that did not change keep their transition time. */
  reported: readonly Condition[]
}

/** The status that a kubelet reports. Conditions of others, readiness gates among them, are read and left alone. */
export function podStatus(pod: Pod, facts: PodFacts, nowMs: number): PodStatus {
  const ended = allEnded(pod, facts)
  return {
    phase: phaseOf(pod, facts),
    conditions: conditionsOf(pod, facts, ended, nowMs),
    containerStatuses: pod.spec.containers.map(({ name, image }) => containerStatus(pod, facts, name, image)),
    hostIP: facts.hostIp,
    hostIPs: [{ ip: facts.hostIp }],
    ...(facts.podIp !== undefined && { podIP: facts.podIp, podIPs: [{ ip: facts.podIp }] }),
    startTime: timestamp(facts.startedAtMs),
  }
}

export function containerId(pod: Pod, name: string, restarts: number): string {
  return `containerd://${createHash('sha256').update(`${pod.metadata.uid}/${name}/${restarts}`).digest('hex')}`
}

const CREATING = { waiting: { reason: 'ContainerCreating' } }

function containerStatus(pod: Pod, facts: PodFacts, name: string, image: string): ContainerStatus {
  const { state = CREATING, ready = false, restarts = 0, lastState = {} } = facts.containers.get(name) ?? {}
  const wasStarted = !('waiting' in state) || 'terminated' in lastState
  const { canonical } = readImage(image)
  return {
    ...(wasStarted && { containerID: containerId(pod, name, restarts) }),
    image: wasStarted ? canonical : image,
    imageID: wasStarted ? `sha256:${createHash('sha256').update(canonical).digest('hex')}` : '',
    lastState,
    name,
    ready: 'running' in state && ready,
    restartCount: restarts,
    started: 'running' in state,
    state,
  }
}

/** A container that is about to be started again has not ended: Kubernetes goes on to call its pod Running. */
function allEnded(pod: Pod, { containers }: PodFacts): boolean {
  const isLeaving = pod.metadata.deletionTimestamp !== undefined
  return pod.spec.containers.every(({ name }) => {
    const state = containers.get(name)?.state
    if (state === undefined || !('terminated' in state)) return false
    return isLeaving || !isRestarted(pod, state.terminated.exitCode)
  })
}

function phaseOf(pod: Pod, facts: PodFacts): string {
  const containers = pod.spec.containers.map(({ name }) => facts.containers.get(name))
  // One that waits to be started again has run before.
  const isNew = (one: ContainerFacts | undefined) =>
    one?.state === undefined || ('waiting' in one.state && !('terminated' in one.lastState))
  if (containers.some(isNew)) return 'Pending'
  if (!allEnded(pod, facts)) return 'Running'
  return containers.every((one) => 'terminated' in one!.state! && one!.state.terminated.exitCode === 0)
    ? 'Succeeded'
    : 'Failed'
}

function conditionsOf(pod: Pod, facts: PodFacts, ended: boolean, nowMs: number): Condition[] {
  const unready = pod.spec.containers.map(({ name }) => name).filter((name) => !isReady(facts, name))
  const containers: Omit<Condition, 'type'> = ended
    ? { status: 'False', reason: 'PodCompleted' }
    : unready.length > 0
      ? {
          status: 'False',
          reason: 'ContainersNotReady',
          message: `containers with unready status: [${unready.join(' ')}]`,
        }
      : { status: 'True' }
  const started = [...facts.containers.values()].some(
    ({ state }) => state !== undefined && 'running' in state,
  )
  const wanted: Condition[] = [
    { type: 'PodReadyToStartContainers', status: started ? 'True' : 'False' },
    { type: 'Initialized', status: 'True', ...(ended && { reason: 'PodCompleted' }) },
    { type: 'Ready', ...(containers.status === 'True' ? gateState(pod) : containers) },
    { type: 'ContainersReady', ...containers },
    { type: 'PodScheduled', status: 'True' },
  ]
  return wanted.map((condition) => stamped(pod, condition, facts, nowMs))
}

function isReady({ containers }: PodFacts, name: string): boolean {
  const { state, ready = false } = containers.get(name) ?? {}
  return state !== undefined && 'running' in state && ready
}

/** Ready needs every readiness gate's condition to be True; messages as the real kubelet words them. */
function gateState(pod: Pod): Omit<Condition, 'type'> {
  const messages: string[] = []
  for (const { conditionType } of pod.spec.readinessGates ?? []) {
    const condition = pod.status?.conditions?.find(({ type }) => type === conditionType)
    if (condition === undefined)
      messages.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`)
    else if (condition.status !== 'True')
      messages.push(
        `the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`,
      )
  }
  if (messages.length === 0) return { status: 'True' }
  return { status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join(', ') }
}

function stamped(pod: Pod, condition: Condition, { reported }: PodFacts, nowMs: number): Condition {
  const sameType = (other: Condition): boolean => other.type === condition.type
  const before = reported.find(sameType) ?? pod.status?.conditions?.find(sameType)
  const unchanged = before?.status === condition.status
  return {
    ...condition,
    lastProbeTime: null,
    lastTransitionTime: (unchanged ? before.lastTransitionTime : undefined) ?? timestamp(nowMs),
    ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
  }
}

/** A strategic patch merges conditions, so a reason or message that has gone is taken back with a null. */
export function withRemovals(status: PodStatus, reported: readonly Condition[]): object {
  const conditions = status.conditions?.map((condition) => {
    const before = reported.find(({ type }) => type === condition.type)
    return {
      ...condition,
      ...(before?.reason !== undefined && condition.reason === undefined && { reason: null }),
      ...(before?.message !== undefined && condition.message === undefined && { message: null }),
    }
  })
  return { ...status, conditions }
}
