import type { Found } from '../line.ts'
import type { GeneratorRequest } from './check.ts'
import { generatorChecks } from './index.ts'
import type { Readings } from './readings.ts'
import { takeReadings } from './take-readings.ts'

/** What would stop a fleet on this machine, or slow it. Changes nothing. */
export async function examineGenerator(
  request: GeneratorRequest,
  read: (request: GeneratorRequest) => Promise<Readings> = takeReadings,
): Promise<Found[]> {
  const readings = await read(request)
  return generatorChecks.flatMap(({ id, title, look }) =>
    look(request, readings).map((line) => ({ check: id, title, ...line })),
  )
}
