import { monitorEventLoopDelay } from 'node:perf_hooks'
import { lateTimeOf, worseLateTime } from '#weir/bench/index.ts'
import { every } from '../run/every.ts'
import type { Run } from '../run/run.ts'

const INTERVAL_SECONDS = 1
const RESOLUTION_MS = 20

/** The histogram has times between two firings of its timer; what exceeds the timer's period is delay. */
const delayMs = (ns: number): number => Math.max(0, (Number.isFinite(ns) ? ns : 0) / 1e6 - RESOLUTION_MS)

/** The larger of two figures of which the second may be missing. */
const worse = (a: number, b: number | undefined): number => Math.max(a, b ?? 0)

const round = (value: number): number => Math.round(value * 100) / 100

/** Records the health of the harness once per second: whether its measurements are reliable. */
export function observeHealth(run: Run): { stop(): Promise<void> } {
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  loop.enable()
  let cpu = process.cpuUsage()
  let cpuAt = run.clock.now()
  let dropped = 0

  const ticker = every(run.clock, INTERVAL_SECONDS, () => {
    const fleet = run.state.fleet?.health()
    const now = run.clock.now()
    const used = process.cpuUsage(cpu)
    const own = lateTimeOf(loop, RESOLUTION_MS, (now - cpuAt) / 1e6)
    const worst = fleet ? worseLateTime(own, fleet) : own
    const droppedNow = run.state.fleet?.counters().droppedEvents ?? 0
    run.emit({
      type: 'health',
      loopDelayP99Ms: round(worse(delayMs(loop.percentile(99)), fleet?.loopDelayP99Ms)),
      loopDelayMaxMs: round(worse(delayMs(loop.max), fleet?.loopDelayMaxMs)),
      watchedMs: round(worst.watchedMs),
      lateMs: round(worst.lateMs),
      scheduleLagP99Ms: round(fleet?.scheduleLagP99Ms ?? 0),
      droppedEvents: droppedNow - dropped,
      rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
      cpuPercent: Math.round(((used.user + used.system) * 1e5) / Math.max(1, now - cpuAt)),
      clockSkewMs: round(run.clock.skewMs()),
    })
    loop.reset()
    dropped = droppedNow
    cpu = process.cpuUsage()
    cpuAt = now
  })
  return {
    async stop() {
      await ticker.stop()
      loop.disable()
    },
  }
}
