import { type Parameters, takeoverSeconds } from '#weir/facts/index.ts'
import type { Step } from '../types.ts'

/** Time besides the move itself: a new set pulls its image and starts, and a pod uses its grace period. */
const NEW_SET_SECONDS = 180
const TERMINATION_SECONDS = 60

/**
 * Expected duration of the move of all clients to new nodes, in seconds:
 * T = T_newset + D + Σ over nodes [ H + ⌈c/R⌉+1 + W + ⌈s/S⌉+1 + L + termination ].
 * A node without clients that the operator does not evacuate takes only W + L + termination.
 */
export function expectedMoveSeconds(parameters: Parameters): number {
  const { clients, otherClients = 0, nodes, servingNodes = nodes } = parameters
  const { pollIntervalSeconds, dialect } = parameters
  const { connEvictRate, sessEvictRate, waitTakeoverSeconds, initialDelaySeconds } =
    parameters.asked ?? parameters
  const perNode = (clients + otherClients) / servingNodes
  const always = pollIntervalSeconds + TERMINATION_SECONDS
  const evacuated =
    dialect.healthCheckWaitSeconds +
    secondsAt(connEvictRate, perNode) +
    1 +
    takeoverSeconds(waitTakeoverSeconds) +
    secondsAt(sessEvictRate, perNode) +
    1 +
    always
  const empty = dialect.skipsEmptyNodes ? waitTakeoverSeconds + always : evacuated
  return NEW_SET_SECONDS + initialDelaySeconds + servingNodes * evacuated + (nodes - servingNodes) * empty
}

/** Zero without evictions. */
const secondsAt = (rate: number, clients: number): number => (rate > 0 ? Math.ceil(clients / rate) : 0)

/** The deadline of a step in seconds: its own, or 1.5 times the expected duration of the move, plus a minute. */
export function deadlineSeconds(deadline: number | 'formula', parameters: Parameters | undefined): number {
  if (deadline !== 'formula') return deadline
  if (!parameters) throw new Error('a deadline by formula needs the parameters of the run')
  return 1.5 * expectedMoveSeconds(parameters) + 60
}

/**
 * Time limit of a step in seconds. A fixed deadline of the upgrade is meant for the emulated operator and the scenario's
 * manifest; any other operator gets at least the time that its own numbers need.
 */
export function limitSeconds(
  step: Extract<Step, { deadlineSeconds: unknown }>,
  parameters: Parameters | undefined,
  { isEmulated }: { isEmulated: boolean },
): number {
  const seconds = deadlineSeconds(step.deadlineSeconds, parameters)
  if (isEmulated || !parameters || !('waitFor' in step) || step.waitFor !== 'upgraded') return seconds
  return Math.max(seconds, deadlineSeconds('formula', parameters))
}
