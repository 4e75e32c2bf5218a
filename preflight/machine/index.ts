import type { Found } from '../line.ts'
import { backlog } from './backlog.ts'
import { broker } from './broker.ts'
import { clock } from './clock.ts'
import { conntrack } from './conntrack.ts'
import { cpus } from './cpus.ts'
import { descriptors } from './descriptors.ts'
import { memory } from './memory.ts'
import { ports } from './ports.ts'
import { readMachine } from './read-machine.ts'
import type { GeneratorCheck, GeneratorRequest, Readings } from './readings.ts'

export const machineChecks: readonly GeneratorCheck[] = [
  descriptors,
  ports,
  backlog,
  conntrack,
  cpus,
  memory,
  clock,
]

/** The same, and the path to the brokers. */
export const generatorChecks: readonly GeneratorCheck[] = [...machineChecks, broker]

/** Checks what would stop or slow a fleet on this machine. Changes nothing. */
export async function examineGenerator(
  request: GeneratorRequest,
  read: (request: GeneratorRequest) => Promise<Readings> = readMachine,
): Promise<Found[]> {
  const readings = await read(request)
  return generatorChecks.flatMap(({ id, title, run }) =>
    run(request, readings).map((line) => ({ check: id, title, ...line })),
  )
}
