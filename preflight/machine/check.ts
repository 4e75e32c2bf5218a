import type { Target } from '#weir/bench/types.ts'
import type { CheckHead, Line } from '../line.ts'
import type { Readings } from './readings.ts'

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
