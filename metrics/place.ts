import { usageError } from '#weir/errors/index.ts'
import type { Place } from './listen.ts'

const DEFAULT_HOST = '127.0.0.1'
/** The port that exporters of OpenTelemetry use. */
const DEFAULT_PORT = 9464
const LAST_PORT = 65_535

/** "[host:]port", "" for 127.0.0.1:9464. Throws WEIR_USAGE. */
export function readPlace(text: string): Place {
  if (text === '') return { host: DEFAULT_HOST, port: DEFAULT_PORT }
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]:|([^:[\]]+):)?(\d+)$/.exec(text) ?? []
  if (digits === undefined) throw usageError(`--prometheus is "${text}" but must be PORT or HOST:PORT`)
  const port = Number(digits)
  if (port > LAST_PORT)
    throw usageError(
      `the port of --prometheus is ${digits} but must be a whole number from 0 to ${LAST_PORT}`,
    )
  return { host: bracketed ?? plain ?? DEFAULT_HOST, port }
}
