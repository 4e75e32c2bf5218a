import type { AssertionId, FigureId, MessageLatency } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { SECOND } from '../evidence/wording.ts'

/** A figure of an assertion's finding, and the figure there that is its bound. */
interface OfFinding {
  of: AssertionId
  value: string
  bound?: string
}

/** A figure that no assertion has. */
type OfRun = (run: RunView) => number | undefined

/** Where each figure comes from. */
export const SOURCES: Readonly<Record<FigureId, OfFinding | OfRun>> = {
  took: tookSeconds,
  firstEviction: { of: 'initial-delay', value: 'judgedSeconds', bound: 'mostSeconds' },
  downtimeP50: { of: 'downtime', value: 'p50Seconds' },
  downtimeP95: { of: 'downtime', value: 'p95Seconds' },
  downtimeP99: { of: 'downtime', value: 'p99Seconds' },
  downtimeMax: { of: 'downtime', value: 'maxSeconds', bound: 'mostSeconds' },
  offlinePeak: { of: 'offline-peak', value: 'peak', bound: 'allowed' },
  attemptsBurst: { of: 'no-storm', value: 'burst', bound: 'allowedBurst' },
  evictionsBurst: { of: 'eviction-envelope', value: 'worstBurst', bound: 'allowedBurst' },
  attemptsPeak: ({ attempts }) => (attempts.length > 0 ? mostWithin(attempts, SECOND) : undefined),
  slowestDrain: { of: 'eviction-floor', value: 'slowestPerSecond', bound: 'leastPerSecond' },
  attemptsPerEviction: { of: 'amplification', value: 'perEviction', bound: 'mostPerEviction' },
  refusals: { of: 'refusals', value: 'refusals', bound: 'most' },
  deliveryP99: (run) => latencySeconds(run, 'delivery'),
  acknowledgeP99: (run) => latencySeconds(run, 'ack'),
  probeGap: { of: 'available', value: 'longestGapSeconds', bound: 'mostGapSeconds' },
  messagesLost: { of: 'messages', value: 'lost', bound: 'mostLost' },
  messagesDuplicated: { of: 'messages', value: 'twice', bound: 'mostTwice' },
  messagesOvertaken: { of: 'messages', value: 'disordered', bound: 'mostDisordered' },
  sessionsLost: { of: 'session-kept', value: 'lost', bound: 'mostLost' },
  clientsLost: { of: 'conservation', value: 'lost', bound: 'mostLost' },
}

/** From the change to when the cluster was seen to be done with it. */
function tookSeconds({ moments: { trigger, changeDone } }: RunView): number | undefined {
  return trigger === undefined || changeDone === undefined ? undefined : (changeDone - trigger) / SECOND
}

/** The most of these ascending times within any window of `ns`. */
function mostWithin(times: Float64Array, ns: number): number {
  let most = 0
  let first = 0
  for (let last = 0; last < times.length; last++) {
    while (times[first]! <= times[last]! - ns) first++
    most = Math.max(most, last - first + 1)
  }
  return most
}

/** Of all qualities of service the slowest. */
function latencySeconds({ record }: RunView, of: MessageLatency['of']): number | undefined {
  const { messages } = record
  if (!messages?.complete) return undefined
  const found = messages.latencies.filter((one) => one.of === of).map(({ p99Ms }) => p99Ms / 1000)
  return found.length > 0 ? Math.max(...found) : undefined
}
