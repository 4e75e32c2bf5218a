import type { DescriptorReadings } from '#weir/bench/fleet/placement.ts'
import type { WeirError } from '#weir/errors/index.ts'

/** What is known of a target. */
export interface TargetReading {
  host: string
  port: number
  /** Undefined where the name does not resolve. */
  address?: string
  /** How long a TCP handshake took; undefined where there was none. */
  connectMs?: number
  /** Why there is no address. */
  trouble?: WeirError
}

/** How the machine's clocks did over a short watch. */
export interface ClockReading {
  watchedMs: number
  /** By how much more the wall clock advanced than the monotonic one. */
  wallAheadMs: number
  /** What Linux reads the time from, e.g. "tsc". */
  source?: string
}

/** What the checks look at, as plain data. What this system does not tell is undefined. */
export interface Readings {
  descriptors: DescriptorReadings
  /** Local ports for connections, e.g. "32768 to 60999". */
  portRange?: { low: number; high: number }
  /** This machine's addresses on the way to all the targets. */
  ownAddresses: readonly string[]
  /** Why the source addresses that the user says cannot be. */
  sourceTrouble?: WeirError
  targets: readonly TargetReading[]
  /** net.core.somaxconn: what bounds the listen backlogs of brokers on this machine. */
  somaxconn?: number
  conntrack?: { max: number; count: number }
  cpus: number
  /** Processes that ran or waited to, on average over the last minute. */
  load: number
  availableBytes: number
  clock: ClockReading
}
