import type { DescriptorReadings } from '#weir/bench/fleet/placement.ts'
import type { Target } from '#weir/bench/types.ts'
import type { WeirError } from '#weir/errors/index.ts'
import type { CheckHead, Line } from '../line.ts'

export interface TargetReading {
  host: string
  port: number
  /** Undefined if the name does not resolve. */
  address?: string
  /** Duration of a TCP handshake; undefined if it failed. */
  connectMs?: number
  /** Why there is no address. */
  trouble?: WeirError
}

export interface ClockReading {
  watchedMs: number
  /** How far the wall clock advanced beyond the monotonic one. */
  wallAheadMs: number
  /** Linux's clock source, e.g. "tsc". */
  source?: string
}

/** The input of the checks. What this system does not provide is undefined. */
export interface Readings {
  descriptors: DescriptorReadings
  /** Local ports for connections, e.g. "32768 to 60999". */
  portRange?: { low: number; high: number }
  /** This machine's addresses on the route to all targets. */
  ownAddresses: readonly string[]
  /** Why the given source addresses cannot be used. */
  sourceTrouble?: WeirError
  targets: readonly TargetReading[]
  /** net.core.somaxconn: limits the listen backlogs of brokers on this machine. */
  somaxconn?: number
  conntrack?: { max: number; count: number }
  cpus: number
  /** Processes that ran or waited to, on average over the last minute. */
  load: number
  availableBytes: number
  clock: ClockReading
}

export interface GeneratorRequest {
  clients: number
  /** Without targets the path to the brokers is not checked. */
  targets?: readonly Target[]
  sourceAddresses?: readonly string[]
  processes?: number
}

/** One thing that a fleet needs of this machine. A pure function of the readings. */
export interface GeneratorCheck extends CheckHead {
  run(request: GeneratorRequest, readings: Readings): Line[]
}
