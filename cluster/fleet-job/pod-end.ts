import type { Pod } from '../kubernetes/kinds.ts'
import { cutWords } from '../observe/blocked.ts'

/** Lines in which weir or Node says why it ends. */
const COMPLAINT = /^(weir: |FATAL ERROR|\w*Error: )/

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
  const words = lastComplaint(terminated?.message) ?? (status as { message?: string } | undefined)?.message
  const what = `ended${facts.length > 0 ? ` (${[...new Set(facts)].join(', ')})` : ''}`
  return words ? `${what}: ${cutWords(words)}` : what
}

/** With FallbackToLogsOnError the message is the end of what the pod printed, be it about its end or not. */
function lastComplaint(message = ''): string | undefined {
  return message
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => COMPLAINT.test(line))
}
