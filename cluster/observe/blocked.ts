import type { PodStatus } from '../kubernetes/kinds.ts'

/** A pod that does not become ready by itself, in the kubelet's and the scheduler's words. */
const STUCK: ReadonlySet<string> = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
])

const LONGEST = 200

/** Why a rollout waits for this pod; undefined when nothing is known to hold it up. */
export function blockedBy(status: PodStatus | undefined): string | undefined {
  const unscheduled = status?.conditions?.find(
    ({ type, status: is, reason }) => type === 'PodScheduled' && is === 'False' && reason === 'Unschedulable',
  )
  if (unscheduled) return cutWords(`Unschedulable: ${unscheduled.message ?? 'no node fits'}`)
  for (const { state, lastState } of status?.containerStatuses ?? []) {
    const waiting = state && 'waiting' in state ? state.waiting : undefined
    if (!waiting?.reason || !STUCK.has(waiting.reason)) continue
    const { terminated: ended } = (lastState ?? {}) as { terminated?: { exitCode?: number } }
    const exit = ended?.exitCode === undefined ? '' : ` (exit code ${ended.exitCode})`
    // The message of a crash loop says how long the kubelet waits, and names the pod.
    const says = waiting.reason === 'CrashLoopBackOff' ? undefined : waiting.message
    return cutWords(`${waiting.reason}${exit}${says ? `: ${says}` : ''}`)
  }
  return undefined
}

/** A message as far as a sentence can hold it. */
export const cutWords = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text)
