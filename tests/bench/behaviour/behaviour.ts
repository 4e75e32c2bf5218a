import type { EngineName } from '#weir/bench/types.ts'
import type { ProtocolVersion } from '#weir/facts/index.ts'
import type { BrokerName, Cell } from './stage.ts'

export type Try = (cell: Cell, protocol: ProtocolVersion) => Promise<void>

/** What an engine or a broker does otherwise: asserted like everything else, so that the day it changes is noticed. */
export interface Exception {
  engine?: EngineName
  broker?: BrokerName
  protocol?: ProtocolVersion
  /** What it does, and why. */
  because: string
  instead: Try
}

/** Something that the protocol promises, tried on every engine and every broker. */
export interface Behaviour {
  name: string
  /** Default: both. */
  protocols?: readonly ProtocolVersion[]
  run: Try
  except?: readonly Exception[]
}

export function exceptionOf(
  { except = [] }: Behaviour,
  engine: EngineName,
  broker: BrokerName,
  protocol: ProtocolVersion,
): Exception | undefined {
  return except.find(
    (each) =>
      (each.engine ?? engine) === engine &&
      (each.broker ?? broker) === broker &&
      (each.protocol ?? protocol) === protocol,
  )
}

/** A protocol that a broker does not speak at all, and what it does to those who do. */
export interface Lack {
  protocol: ProtocolVersion
  because: string
  instead: Try
}
