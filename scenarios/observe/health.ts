import type { FleetHealth } from '#weir/bench/types.ts'
import {
  joinedLoopHealth,
  type LoopHealth,
  type PingHealth,
  type ProcessHealth,
  worseLateTime,
} from '#weir/facts/index.ts'
import { LoopProbe } from '#weir/facts/loop-probe.ts'
import { every } from '../run/every.ts'
import type { Run } from '../run/run.ts'
import { KernelReadings } from './kernel.ts'

const INTERVAL_SECONDS = 1

const round = (value: number): number => Math.round(value * 100) / 100

const rounded = (health: LoopHealth): LoopHealth => ({
  loopDelayP99Ms: round(health.loopDelayP99Ms),
  loopDelayMaxMs: round(health.loopDelayMaxMs),
  watchedMs: round(health.watchedMs),
  lateMs: round(health.lateMs),
})

const roundedPings = ({ answered, quickestMs, slowestMs }: PingHealth): PingHealth => ({
  answered,
  quickestMs: round(quickestMs),
  slowestMs: round(slowestMs),
})

/** Records once per second how weir's own processes are doing: whether the measurements are reliable, and the cluster gets its time. */
export function observeHealth(run: Run): { stop(): Promise<void> } {
  const probe = new LoopProbe()
  const kernel = new KernelReadings()
  let cpu = process.cpuUsage()
  let cpuAt = run.clock.now()
  let dropped = 0

  const ticker = every(run.clock, INTERVAL_SECONDS, () => {
    const { fleet } = run.state
    const own = probe.read()
    const generator = fleet?.health()
    const now = run.clock.now()
    const used = process.cpuUsage(cpu)
    const droppedNow = fleet?.counters().droppedEvents ?? 0
    const worst = generator ? { ...joinedLoopHealth(own, generator), ...worseLateTime(own, generator) } : own
    run.emit({
      type: 'health',
      ...rounded(worst),
      scheduleLagP99Ms: round(generator?.scheduleLagP99Ms ?? 0),
      droppedEvents: droppedNow - dropped,
      rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
      cpuPercent: Math.round(((used.user + used.system) * 1e5) / Math.max(1, now - cpuAt)),
      clockSkewMs: round(run.clock.skewMs()),
      ...(generator?.pings && { pings: roundedPings(generator.pings) }),
      processes: processesOf(run, kernel, own, generator),
      machine: kernel.machine(),
    })
    dropped = droppedNow
    cpu = process.cpuUsage()
    cpuAt = now
  })
  return {
    async stop() {
      await ticker.stop()
      probe.stop()
    },
  }
}

function processesOf(
  { state, clusterProcess }: Run,
  kernel: KernelReadings,
  own: LoopHealth,
  generator: FleetHealth | undefined,
): ProcessHealth[] {
  const one = (
    name: ProcessHealth['process'],
    health: LoopHealth,
    pids: readonly number[],
  ): ProcessHealth => {
    const runQueueMs = kernel.runQueueMs(pids)
    return {
      process: name,
      ...rounded(health),
      ...(runQueueMs !== undefined && { runQueueMs: round(runQueueMs) }),
    }
  }
  return [
    one('harness', own, [process.pid]),
    ...(generator && !generator.members ? [one('generator', generator, state.fleet?.pids ?? [])] : []),
    ...(generator?.members ?? []).map(({ name, ...loop }) => one(`fleet pod ${name}`, loop, [])),
    ...(clusterProcess ? [one('embedded cluster', clusterProcess.health(), [clusterProcess.pid])] : []),
  ]
}
