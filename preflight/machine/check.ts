import type { Target } from '#weir/bench/types.ts'
import type { CheckHead, Line } from '../line.ts'
import type { Readings } from './readings.ts'

/** The fleet that is to run. */
export interface GeneratorRequest {
  clients: number
  /** Left out, nothing is said of the way to the brokers. */
  targets?: readonly Target[]
  sourceAddresses?: readonly string[]
  processes?: number
}

/** One thing that a fleet needs of this machine. A pure function of what was read: changes nothing. */
export interface GeneratorCheck extends CheckHead {
  look(request: GeneratorRequest, readings: Readings): Line[]
}
