import { WeirError } from '#weir/errors/index.ts'
import { SCENARIO_FORMAT } from '../definition/format.ts'
import type { Source } from './source.ts'

/** Refuses a file of another format before anything else of it is read: what it has may mean something else. Throws WEIR_SCENARIO_INVALID. */
export function refuseFormat(source: Source): void {
  const { format } = (source.content ?? {}) as { format?: unknown }
  if (format === undefined || format === SCENARIO_FORMAT) return
  throw new WeirError(
    'WEIR_SCENARIO_INVALID',
    `${source.file}:${source.lineOf(['format'])}: format is ${JSON.stringify(format)}, and this weir reads format ${SCENARIO_FORMAT}: run it with the version of weir that wrote it, or make it again`,
  )
}
