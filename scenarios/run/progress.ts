import type { ClusterState, Evacuation } from '#weir/facts/index.ts'
import { every } from './every.ts'
import type { Run } from './run.ts'

/** The progress of a run, once per second and at each step. */
export interface Progress {
  /** The current step, e.g. "upgraded". */
  phase: string
  elapsedS: number
  clients: number
  online: number
  attemptsPerSecond: number
  /** The node under evacuation, and what it still has. */
  evacuating?: { node: string; state: Evacuation['state']; current: number }
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

  const now = () => {
    const counters = run.state.fleet?.counters()
    const moving = evacuations().find(({ state }) => state !== 'prohibiting')
    const pod = run.live.pods.find(({ node }) => node === moving?.node)?.name
    onProgress({
      phase: run.state.phase,
      elapsedS: run.clock.now() / 1e9,
      clients: run.scenario.fleet.clients,
      online: counters?.online ?? 0,
      attemptsPerSecond,
      state: run.states.state,
      ...(moving
        ? {
            evacuating: {
              node: pod ?? moving.node,
              state: moving.state,
              current:
                moving.state === 'evicting_sessions' ? moving.currentSessions : moving.currentConnected,
            },
          }
        : {}),
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
