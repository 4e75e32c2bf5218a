import { connectionOptions } from './connection-options.ts'
import { loadOptions } from './load-options.ts'
import { outputOptions } from './output-options.ts'
import { reconnectOptions } from './reconnect-options.ts'
import { sessionOptions } from './session-options.ts'
import { tlsOptions } from './tls-options.ts'
import { willOptions } from './will-options.ts'

/** What `bench conn`, `sub` and `pub` share, in the order in which the help shows it. */
export const commonOptions = {
  ...loadOptions,
  ...connectionOptions,
  ...tlsOptions,
  ...sessionOptions,
  ...willOptions,
  ...reconnectOptions,
  ...outputOptions,
}
