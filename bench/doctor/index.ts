import { backlog } from './backlog.ts'
import { broker } from './broker.ts'
import type { GeneratorCheck, GeneratorLine, GeneratorRequest } from './check.ts'
import { clock } from './clock.ts'
import { conntrack } from './conntrack.ts'
import { cpus } from './cpus.ts'
import { descriptors } from './descriptors.ts'
import { memory } from './memory.ts'
import { ports } from './ports.ts'
import type { Readings } from './readings.ts'
import { takeReadings } from './take-readings.ts'

/** What a fleet needs of the machine that it runs on, one a file. */
export const machineChecks: readonly GeneratorCheck[] = [
  descriptors,
  ports,
  backlog,
  conntrack,
  cpus,
  memory,
  clock,
]

/** The same, and the way to the brokers. */
export const generatorChecks: readonly GeneratorCheck[] = [...machineChecks, broker]

/** A line, under the check that it belongs to. */
export interface GeneratorFound extends GeneratorLine {
  check: string
  title: string
}

/** What would stop a fleet on this machine, or slow it. Changes nothing. */
export async function examineGenerator(
  request: GeneratorRequest,
  read: (request: GeneratorRequest) => Promise<Readings> = takeReadings,
): Promise<GeneratorFound[]> {
  const readings = await read(request)
  return generatorChecks.flatMap(({ id, title, look }) =>
    look(request, readings).map((line) => ({ check: id, title, ...line })),
  )
}
