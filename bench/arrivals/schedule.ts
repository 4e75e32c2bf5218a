import { usageError } from '#weir/errors/index.ts'
import { ARRIVAL_STREAM, uniform } from '../random/uniform.ts'
import type { ArrivalSpec } from '../types.ts'

/** Milliseconds after the start at which client k (from 0) comes, given when the one before it came. */
export type ArrivalSchedule = (k: number, previousMs: number) => number

/** The schedule of a spec. Infinity: a client never starts. Throws WEIR_USAGE for a rate or time that is not positive. */
export function arrivalSchedule(spec: ArrivalSpec, seed: number): ArrivalSchedule {
  switch (spec.kind) {
    case 'spike':
      return () => 0
    case 'interval': {
      const everyMs = notNegative('everyMs', spec.everyMs)
      return (k) => k * everyMs
    }
    case 'rate': {
      const perSecond = positive('perSecond', spec.perSecond)
      return (k) => (k * 1000) / perSecond
    }
    case 'poisson': {
      const perSecond = positive('perSecond', spec.perSecond)
      return (k, previousMs) => (k === 0 ? 0 : previousMs + exponentialGapMs(seed, k, perSecond))
    }
    case 'ramp':
      return ramp(spec)
    case 'step':
      return step(spec.steps)
  }
}

/** Time between two arrivals of a Poisson process: exponentially distributed, mean 1/rate. */
function exponentialGapMs(seed: number, k: number, perSecond: number): number {
  return (-Math.log1p(-uniform(seed, ARRIVAL_STREAM, k)) * 1000) / perSecond
}

/**
 * A linear rate, constant at the end. After t seconds f·t + s·t²/2 clients have started (s: slope); client k starts when
 * that reaches k.
 */
function ramp(spec: Extract<ArrivalSpec, { kind: 'ramp' }>): ArrivalSchedule {
  const from = notNegative('fromPerSecond', spec.fromPerSecond)
  const to = notNegative('toPerSecond', spec.toPerSecond)
  const overSeconds = positive('overSeconds', spec.overSeconds)
  const slope = (to - from) / overSeconds
  const onRamp = ((from + to) / 2) * overSeconds
  return (k) => {
    if (k > onRamp) return 1000 * (overSeconds + (k - onRamp) / to)
    // The root in the form that neither cancels nor divides by a slope of zero.
    return k === 0 ? 0 : (1000 * 2 * k) / (from + Math.sqrt(Math.max(0, from * from + 2 * slope * k)))
  }
}

/** Piecewise constant; the last step's rate goes on for ever. */
function step(steps: readonly { perSecond: number; forSeconds: number }[]): ArrivalSchedule {
  if (steps.length === 0) throw usageError('arrival: a "step" schedule needs at least one step')
  for (const { perSecond, forSeconds } of steps) {
    notNegative('perSecond', perSecond)
    notNegative('forSeconds', forSeconds)
  }
  return (k) => {
    let startSeconds = 0
    let come = 0
    for (const [i, { perSecond, forSeconds }] of steps.entries()) {
      const here = perSecond * forSeconds
      if (perSecond > 0 && (k < come + here || i === steps.length - 1))
        return 1000 * (startSeconds + (k - come) / perSecond)
      startSeconds += forSeconds
      come += here
    }
    return Number.POSITIVE_INFINITY
  }
}

function positive(name: string, value: number): number {
  if (!(value > 0 && Number.isFinite(value)))
    throw usageError(`arrival: ${name} is ${value} but must be a number above 0`)
  return value
}

function notNegative(name: string, value: number): number {
  if (!(value >= 0 && Number.isFinite(value)))
    throw usageError(`arrival: ${name} is ${value} but must be a number from 0 up`)
  return value
}

/**
 * Planned start of each client in ms after the start, ascending. Throws WEIR_USAGE when the schedule ends before all have
 * started.
 */
export function plannedInstantsMs(spec: ArrivalSpec, clients: number, seed: number): Float64Array {
  const schedule = arrivalSchedule(spec, seed)
  const instantsMs = new Float64Array(clients)
  let previousMs = 0
  for (let k = 0; k < clients; k++) {
    previousMs = schedule(k, previousMs)
    if (!Number.isFinite(previousMs))
      throw usageError(
        `arrival: the "${spec.kind}" schedule ends at 0 per second with ${clients - k} of ${clients} clients left to start: end it with a rate above 0`,
      )
    instantsMs[k] = previousMs
  }
  return instantsMs
}
