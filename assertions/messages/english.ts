import { type Moment, seconds } from '../evidence/wording.ts'

/** "1 client", "3 clients". */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`
}

/** "a", "a and b", "a, b and c". */
export const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`

/** "median 0.1 s, p99 1.2 s, max 2 s", or `none` where nothing was measured. */
export const quantiles = (v: Quantiles, none: string) =>
  v.maxSeconds === null ? none : `median ${v.p50Seconds} s, p99 ${v.p99Seconds} s, max ${v.maxSeconds} s`

/** Null, all of them, where nothing was measured. */
export interface Quantiles {
  p50Seconds: number | null
  p99Seconds: number | null
  maxSeconds: number | null
}

/** "3.0 to 4.5 s"; "at least 3.0 s" when the end of the span is unknown (Infinity). */
export const between = (least: number, most: number) =>
  Number.isFinite(most) ? `${least.toFixed(1)} to ${most.toFixed(1)} s` : `at least ${least.toFixed(1)} s`

export const percent = (share: number, digits = 1) => `${(share * 100).toFixed(digits)} %`

/** "at +31.4 s after the trigger", "2.0 s before the trigger"; "at 31.4 s" in a record without a trigger. */
export function when(moment: Moment): string {
  return isBefore(moment) ? instant(moment) : `at ${instant(moment)}`
}

/** The same after another preposition: "from +31.4 s after the trigger". */
export function instant({ ns, from }: Moment): string {
  if (from === 'start') return seconds(ns)
  return ns < 0 ? `${seconds(-ns)} before the trigger` : `+${seconds(ns)} after the trigger`
}

const isBefore = ({ ns, from }: Moment) => from === 'trigger' && ns < 0

/** What happened to a pod that nobody deleted, by the reason of its condition DisruptionTarget (Kubernetes, "Pod disruption conditions"). */
const DISRUPTIONS: Readonly<Record<string, string>> = {
  EvictionByEvictionAPI: "was evicted through Kubernetes' eviction API, as kubectl drain does",
  DeletionByTaintManager: 'did not tolerate a taint of its Kubernetes node',
  DeletionByPodGC: 'belonged to a Kubernetes node that was gone',
  PreemptionByScheduler: 'was preempted by a pod of higher priority',
  TerminationByKubelet:
    'was ended by the kubelet, for pressure on its Kubernetes node or because that was shut down',
}

/** The predicate of a sentence about a pod: "was evicted through Kubernetes' eviction API, …". */
export const disrupted = (reason: string) =>
  (Object.hasOwn(DISRUPTIONS, reason) && DISRUPTIONS[reason]) || `was ended by Kubernetes (${reason})`

/** How a container ended. */
export interface Exit {
  exitCode?: number
  reason?: string
}

/** "with exit code 137 (OOMKilled)". */
export const exit = ({ exitCode, reason }: Exit) =>
  `with ${exitCode === undefined ? 'an unknown exit code' : `exit code ${exitCode}`}${reason && reason !== 'Error' ? ` (${reason})` : ''}`
