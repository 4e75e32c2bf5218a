import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'

const FIRST_MS = 10_000
const LONGEST_MS = 300_000
/** A container that ran for so long starts anew as if it had never failed. */
const FORGIVEN_AFTER_MS = 600_000

/**
 * How long a container that has ended waits before it is started again, as the kubelet does: not at all the first time, then 10 s,
 * doubled each time up to 5 minutes (Kubernetes, "Pod Lifecycle", container restart policy). `failures` counts the ends before this one.
 */
export function restartDelayMs(failures: number, ranForMs: number): { delayMs: number; failures: number } {
  const before = ranForMs >= FORGIVEN_AFTER_MS ? 0 : failures
  const delayMs = before === 0 ? 0 : Math.min(FIRST_MS * 2 ** (before - 1), LONGEST_MS)
  return { delayMs, failures: before + 1 }
}

/** Whether a container of this pod that has ended by itself is started again. */
export function isRestarted({ spec }: Pod, exitCode: number): boolean {
  const policy = spec.restartPolicy ?? 'Always'
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0)
}
