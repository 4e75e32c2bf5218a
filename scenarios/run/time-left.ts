import { type Evacuation, takeoverSeconds } from '#weir/facts/index.ts'
import type { Step } from '../types.ts'

/** An evacuation as EMQX reports it, and how long it has been in its state. */
export interface Moving {
  evacuation: Evacuation
  stateSeconds: number
  /** Nodes that are evacuated after this one. */
  later: number
}

/** How an evacuation is configured, and how long the operator takes to see that one is over. */
export interface Waits {
  healthCheckSeconds: number
  /** 0: EMQX's own default. */
  takeoverSeconds: number
  pollSeconds: number
}

/**
 * How long the evacuations still take, in seconds, by EMQX's own rates and counts: this node's, and later ones as if each had as many
 * connections. Undefined without a rate.
 */
export function evacuationSecondsLeft(
  { evacuation, stateSeconds, later }: Moving,
  waits: Waits,
): number | undefined {
  const { state, connectionEvictionRate, sessionEvictionRate } = evacuation
  const { currentConnected, currentSessions } = evacuation
  if (!(connectionEvictionRate > 0 && sessionEvictionRate > 0)) return undefined
  const rest = (seconds: number) => Math.max(0, seconds - stateSeconds)
  const takeover = takeoverSeconds(waits.takeoverSeconds)
  const moving = currentConnected / connectionEvictionRate
  const ofThis = {
    prohibiting: 0,
    waiting_health_check: rest(waits.healthCheckSeconds) + moving + takeover,
    evicting_conns: moving + takeover,
    waiting_takeover: rest(takeover),
    evicting_sessions: currentSessions / sessionEvictionRate,
  }[state]
  return ofThis + later * secondsOfEach(evacuation, waits)
}

/**
 * The same between two nodes, `sinceSeconds` after the evacuation of one was over and before that of the next is seen: the operator's look, and
 * the later nodes as above.
 */
export function betweenSecondsLeft(
  { evacuation, later }: Pick<Moving, 'evacuation' | 'later'>,
  sinceSeconds: number,
  waits: Waits,
): number | undefined {
  const { connectionEvictionRate: rate, sessionEvictionRate } = evacuation
  if (!(rate > 0 && sessionEvictionRate > 0 && later > 0)) return undefined
  return later * secondsOfEach(evacuation, waits) - Math.min(sinceSeconds, waits.pollSeconds)
}

/** A whole node with as many connections, and the operator's look after it. */
const secondsOfEach = (
  { initialConnected, connectionEvictionRate }: Evacuation,
  { healthCheckSeconds, pollSeconds, takeoverSeconds: wait }: Waits,
): number =>
  healthCheckSeconds + initialConnected / connectionEvictionRate + takeoverSeconds(wait) + pollSeconds

/**
 * How long a step that waits for time or for the fleet still takes, in seconds, `elapsedSeconds` after it began; undefined where nothing says
 * so. `arrivalSecondsLeft`: until the last client is planned to connect.
 */
export function stepSecondsLeft(
  step: Step | undefined,
  elapsedSeconds: number,
  arrivalSecondsLeft: () => number | undefined,
): number | undefined {
  if (step === undefined) return undefined
  if ('hold' in step) return Math.max(0, step.hold.seconds - elapsedSeconds)
  if (!('waitFor' in step) || step.waitFor !== 'fleet-connected') return undefined
  const left = arrivalSecondsLeft() ?? 0
  // After the plan it depends on the broker.
  return left > 0 ? left : undefined
}
