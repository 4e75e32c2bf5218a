import type { LoopHealth, PingHealth } from './loop-health.ts'

/** How the harness itself is doing, since the previous sample. */
export interface HealthEvent {
  t: number
  type: 'health'
  /** The worst of the main loop and every shard's loop, over the interval. */
  loopDelayP99Ms: number
  loopDelayMaxMs: number
  /**
   * The worst loop since the previous sample: for how long it was watched, and for how much of that time something that
   * fell due would have waited more than 50 ms. Shares can be added up over any time, percentiles cannot.
   */
  watchedMs?: number
  lateMs?: number
  /** How late client actions were against their planned instants. */
  scheduleLagP99Ms: number
  droppedEvents: number
  rssMiB: number
  cpuPercent: number
  /** Wall clock minus monotonic clock, against the anchor: a step shows here. */
  clockSkewMs: number
  /** The fleet's keep-alive pings; absent when none was answered, and in older records. */
  pings?: PingHealth
  /** Each of weir's own processes. Absent in older records. */
  processes?: ProcessHealth[]
  /** Where the kernel reports it. Absent in older records. */
  machine?: MachineHealth
}

/**
 * One of weir's own processes; the generator's threads and child processes together, by their worst. A process that sends nothing is
 * late for as long as it has been silent.
 */
export interface ProcessHealth extends LoopHealth {
  process: OwnProcess
  /** For how long one of its threads at most was ready to run and had no CPU. */
  runQueueMs?: number
}

/** Shares of the time since the previous sample. */
export interface MachineHealth {
  /** CPU time that the hypervisor gave to others. */
  stealShare?: number
  /** Time in which something was ready to run and had no CPU ("some" of /proc/pressure/cpu). */
  cpuPressureShare?: number
}

/** What a process or thread that weir owns is. */
export type OwnProcess = 'harness' | 'generator' | 'embedded cluster' | `fleet pod ${string}`

/** A process or thread of weir's ended during the run: what it would have done or noticed from then on is missing. */
export interface ProcessEndEvent {
  t: number
  type: 'process-end'
  process: 'generator' | 'embedded cluster'
  /** e.g. "the embedded cluster died (SIGKILL): …" */
  how: string
}
