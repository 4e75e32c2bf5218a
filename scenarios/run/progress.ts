import { plannedInstantsMs } from '#weir/bench/index.ts'
import type { ClusterState, Evacuation } from '#weir/facts/index.ts'
import { EvacuationsSeen } from './evacuations-seen.ts'
import { every } from './every.ts'
import type { Run } from './run.ts'
import { stepSecondsLeft } from './time-left.ts'

/** The progress of a run, once per second and at each step. */
export interface Progress {
  /** The current step, e.g. "upgraded". */
  phase: string
  /** Which step of how many, from 1. */
  step?: { number: number; count: number } | undefined
  elapsedS: number
  clients: number
  online: number
  attemptsPerSecond: number
  /** The node under evacuation, and what it still has; of an update also the how many-th node of how many it is. */
  evacuating?: {
    node: string
    state: Evacuation['state']
    current: number
    number?: number | undefined
    count?: number | undefined
  }
  /** How long the step still takes, in seconds, by what is configured and what EMQX reports; undefined where nothing says so. */
  secondsLeft?: number | undefined
  /** The state of the cluster, as EMQX ECP names it. */
  state?: ClusterState | undefined
  /** What the current step is waiting for, or a warning. */
  message?: string
}

/** @param evacuations as sampled last */
export function reportProgress(
  run: Run,
  evacuations: () => readonly Evacuation[],
  onProgress: (progress: Progress) => void,
): { now(): void; stop(): Promise<void> } {
  let attempts = 0
  let at = run.clock.now()
  let attemptsPerSecond = 0

  const seen = new EvacuationsSeen()
  let arrival: number | undefined
  const arrivalSecondsLeft = () => {
    const { fleet } = run.scenario
    const { fleetStartedT } = run.state
    if (fleetStartedT === undefined) return undefined
    arrival ??= plannedInstantsMs(fleet.arrival, fleet.clients, run.seed).at(-1)! / 1000
    return arrival - (run.clock.now() - fleetStartedT) / 1e9
  }

  const now = () => {
    const counters = run.state.fleet?.counters()
    const { steps } = run.scenario
    const { step } = run.state
    const moving = evacuations().find(({ state }) => state !== 'prohibiting')
    const pod = run.live.pods.find(({ node }) => node === moving?.node)?.name
    const place = moving && seen.placeOf(moving, run)
    const elapsedSeconds = step ? (run.clock.now() - step.t) / 1e9 : 0
    onProgress({
      phase: run.state.phase,
      step: step && { number: step.index + 1, count: steps.length },
      elapsedS: run.clock.now() / 1e9,
      clients: run.scenario.fleet.clients,
      online: counters?.online ?? 0,
      attemptsPerSecond,
      state: run.states.state,
      ...(moving
        ? {
            evacuating: {
              ...place,
              node: pod ?? moving.node,
              state: moving.state,
              current:
                moving.state === 'evicting_sessions' ? moving.currentSessions : moving.currentConnected,
            },
          }
        : {}),
      secondsLeft: moving
        ? seen.secondsLeft(moving, run)
        : (seen.secondsLeftBetween(run) ??
          stepSecondsLeft(steps[step?.index ?? -1], elapsedSeconds, arrivalSecondsLeft)),
      message: [run.state.warning, run.state.missing].filter(Boolean).join('; ') || undefined,
    })
  }
  const ticker = every(run.clock, 1, () => {
    const made = run.state.fleet?.counters().attempts ?? 0
    const t = run.clock.now()
    attemptsPerSecond = ((made - attempts) * 1e9) / Math.max(1, t - at)
    attempts = made
    at = t
    now()
  })
  return { now, stop: () => ticker.stop() }
}
