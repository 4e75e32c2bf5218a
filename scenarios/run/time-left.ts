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
  { healthCheckSeconds, pollSeconds, takeoverSeconds: wait }: Waits,
): number | undefined {
  const { state, connectionEvictionRate, sessionEvictionRate } = evacuation
  const { currentConnected, currentSessions, initialConnected } = evacuation
  if (!(connectionEvictionRate > 0 && sessionEvictionRate > 0)) return undefined
  const rest = (seconds: number) => Math.max(0, seconds - stateSeconds)
  const takeover = takeoverSeconds(wait)
  const moving = currentConnected / connectionEvictionRate
  const ofThis = {
    prohibiting: 0,
    waiting_health_check: rest(healthCheckSeconds) + moving + takeover,
    evicting_conns: moving + takeover,
    waiting_takeover: rest(takeover),
    evicting_sessions: currentSessions / sessionEvictionRate,
  }[state]
  const ofEach = healthCheckSeconds + initialConnected / connectionEvictionRate + takeover + pollSeconds
  return ofThis + later * ofEach
}

/**
 * How long a step that waits for time or for the fleet still takes, in seconds, `elapsedSeconds` after it began; undefined where nothing says
 * so. `arrivalSeconds`: until the last client is planned to connect.
 */
export function stepSecondsLeft(
  step: Step | undefined,
  elapsedSeconds: number,
  arrivalSeconds: () => number,
): number | undefined {
  if (step === undefined) return undefined
  if ('hold' in step) return Math.max(0, step.hold.seconds - elapsedSeconds)
  if (!('waitFor' in step) || step.waitFor !== 'fleet-connected') return undefined
  const left = arrivalSeconds() - elapsedSeconds
  // After the plan it depends on the broker.
  return left > 0 ? left : undefined
}
