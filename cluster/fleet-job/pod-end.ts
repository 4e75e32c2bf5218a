import type { Pod } from '../kubernetes/kinds.ts'

/** How a pod of the fleet ended, as a clause; undefined while it has not. */
export function endOfPod({ status }: Pick<Pod, 'status'>): string | undefined {
  const ended = status?.phase === 'Failed' || status?.phase === 'Succeeded'
  const { terminated } = (status?.containerStatuses?.[0]?.state ?? {}) as {
    terminated?: { exitCode?: number; reason?: string; message?: string; signal?: number }
  }
  if (!terminated && !ended) return undefined
  const disrupted = status?.conditions?.find(
    ({ type, status: is }) => type === 'DisruptionTarget' && is === 'True',
  )
  const facts = [
    (status as { reason?: string } | undefined)?.reason,
    disrupted?.reason,
    terminated?.reason,
    terminated?.exitCode === undefined ? undefined : `exit code ${terminated.exitCode}`,
  ].filter((fact) => fact !== undefined && fact !== '')
  const lines = (terminated?.message ?? (status as { message?: string } | undefined)?.message ?? '')
    .trim()
    .split('\n')
  const words = lines.at(-1)?.trim().slice(0, 300)
  const what = `ended${facts.length > 0 ? ` (${[...new Set(facts)].join(', ')})` : ''}`
  return words ? `${what}: ${words}` : what
}
