import type { Parameters } from '#weir/facts/index.ts'
import type { Step } from '../types.ts'

/** What may pass besides the move itself: a new set that pulls and boots, and a pod that uses its grace period. */
const NEW_SET_SECONDS = 180
const TERMINATION_SECONDS = 60
/** EMQX's own wait_takeover when the operator sends none. */
const DEFAULT_TAKEOVER_SECONDS = 60

/**
 * How long the move of all clients to new nodes should take, in seconds (contract/ops.md §3.3):
 * T = T_newset + D + Σ over nodes [ H + ⌈c/R⌉+1 + W + ⌈s/S⌉+1 + L + termination ].
 * Of a node that takes no clients, and that the operator does not evacuate then, only W + L + termination is left.
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
    (waitTakeoverSeconds || DEFAULT_TAKEOVER_SECONDS) +
    secondsAt(sessEvictRate, perNode) +
    1 +
    always
  const empty = dialect.skipsEmptyNodes ? waitTakeoverSeconds + always : evacuated
  return NEW_SET_SECONDS + initialDelaySeconds + servingNodes * evacuated + (nodes - servingNodes) * empty
}

/** Where nobody is evicted, nobody is waited for. */
const secondsAt = (rate: number, clients: number): number => (rate > 0 ? Math.ceil(clients / rate) : 0)

/** The deadline of a step in seconds: its own, or half as much again as the move should take, plus a minute. */
export function deadlineSeconds(deadline: number | 'formula', parameters: Parameters | undefined): number {
  if (deadline !== 'formula') return deadline
  if (!parameters) throw new Error('a deadline by formula needs the parameters of the run')
  return 1.5 * expectedMoveSeconds(parameters) + 60
}

/**
 * For how long a step is waited for, in seconds. A fixed deadline of the upgrade was chosen for the scenario's own manifest
 * on weir's own testbed; a user's cluster has numbers of its own, and gets at least the time that those need.
 */
export function limitSeconds(
  step: Extract<Step, { deadlineSeconds: unknown }>,
  parameters: Parameters | undefined,
  { ownTestbed }: { ownTestbed: boolean },
): number {
  const seconds = deadlineSeconds(step.deadlineSeconds, parameters)
  if (ownTestbed || !parameters || !('waitFor' in step) || step.waitFor !== 'upgraded') return seconds
  return Math.max(seconds, deadlineSeconds('formula', parameters))
}
