import type { OperatorEvent } from './record-events.ts'

/**
 * The API server refuses a write that a rollout needs: a pod that a set creates, or what the operator writes for the custom resource.
 * Older records have none.
 */
export interface RefusalEvent {
  t: number
  type: 'refusal'
  /** The object that the write is for: a StatefulSet, a ReplicaSet, or the custom resource. */
  kind: string
  name: string
  /** The server's words, e.g. 'admission webhook "…" denied the request: …'. Absent when the refusal is over. */
  why?: string
}

/** What holds a rollout up: a pod that cannot start, or an object that lacks what the API server refuses. */
export interface Blocker {
  kind: string
  name: string
  why: string
}

/** "no pod of the operator (Deployment a/b) is available: pod b-1: CrashLoopBackOff (exit code 2)"; undefined while one is, or none is wanted. */
export function operatorTrouble({
  deployment,
  wanted,
  available,
  why,
}: Omit<OperatorEvent, 't' | 'type'>): string | undefined {
  if (available > 0) return undefined
  const of = `the operator (Deployment ${deployment})`
  return wanted === 0
    ? `${of} has no replicas`
    : `no pod of ${of} is available${why === undefined ? '' : `: ${why}`}`
}

/** "pod emqx-2 cannot start: …", "StatefulSet emqx cannot create a pod: …". */
export function blockerText({ kind, name, why }: Blocker): string {
  if (kind === 'pod') return `pod ${name} cannot start: ${why}`
  return kind === 'StatefulSet' || kind === 'ReplicaSet'
    ? `${kind} ${name} cannot create a pod: ${why}`
    : `the operator cannot write what ${kind} ${name} needs: ${why}`
}
