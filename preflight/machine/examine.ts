import type { Found } from '../line.ts'
import type { GeneratorRequest } from './check.ts'
import { generatorChecks } from './index.ts'
import { readMachine } from './read-machine.ts'
import type { Readings } from './readings.ts'

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
