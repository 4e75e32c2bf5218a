import { every } from '../run/every.ts'
import type { Run } from '../run/run.ts'

const LOOK_SECONDS = 5
/** As long as an API server may be silent: then nothing that the run waits for can be seen any more. */
const LOST_SECONDS = 45

/** Told for the record's sake only: no wait looks at them. */
const DISPENSABLE: readonly string[] = ['Event', 'Service']

/** Ends the run when a watch that it cannot do without stays blind, as when its permission was taken away. */
export function watchForBlindness(run: Run): {
  gap(kind: string, reason: string): void
  stop(): Promise<void>
} {
  const blind = new Map<string, { reason: string; since: number }>()
  const ticker = every(run.clock, LOOK_SECONDS, () => {
    for (const [kind, { reason, since }] of blind) {
      const seconds = (run.clock.now() - since) / 1e9
      if (seconds >= LOST_SECONDS && !DISPENSABLE.includes(kind))
        run.lose(`nothing has been heard of any ${kind} for ${Math.round(seconds)} s: ${reason}`)
    }
  })
  return {
    /** A gap is told when it begins and again when it ends. */
    gap(kind, reason) {
      if (!blind.delete(kind)) blind.set(kind, { reason, since: run.clock.now() })
    },
    stop: () => ticker.stop(),
  }
}
