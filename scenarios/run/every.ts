import type { RunClock } from './clock.ts'

/**
 * Calls `task` at each multiple of the interval on the run's clock, so that intervals do not drift with the work. A call
 * that takes longer than the interval makes the next ones fall out. `stop` waits for the call under way.
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

  const next = () => {
    if (stopped) return
    const now = clock.now()
    const due = (Math.floor(now / intervalNs + 1e-9) + 1) * intervalNs
    timer = setTimeout(
      () => {
        running = Promise.resolve()
          .then(task)
          .finally(() => next())
      },
      Math.max(1, (due - now) / 1e6),
    )
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
