import type { RunClock } from './clock.ts'

/**
 * Calls `task` at each multiple of the interval on the run's clock, so that intervals do not drift. A call that takes longer than the
 * interval skips the next ones. `stop` waits for the current call. Errors of `task` are defects and are not caught here.
 */
export function every(
  clock: Pick<RunClock, 'now'>,
  intervalSeconds: number,
  task: () => Promise<void> | void,
): { stop(): Promise<void> } {
  const intervalNs = intervalSeconds * 1e9
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let ticks = Math.floor(clock.now() / intervalNs)

  const next = () => {
    if (stopped) return
    const now = clock.now()
    // A timer may fire early: the same instant must not come twice.
    ticks = Math.max(ticks + 1, Math.floor(now / intervalNs) + 1)
    const waitMs = (ticks * intervalNs - now) / 1e6
    timer = setTimeout(() => {
      running = (async () => task())().finally(next)
    }, waitMs)
  }
  next()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
