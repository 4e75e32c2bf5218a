import { connectionOptions } from './connection-options.ts'
import { loadOptions } from './load-options.ts'
import { messageOutputOptions, outputOptions } from './output-options.ts'
import { publishOptions } from './publish-options.ts'
import { reconnectOptions } from './reconnect-options.ts'
import { connectPropertyOptions, ownPropertyOptions, sessionOptions } from './session-options.ts'
import { subscribeOptions } from './subscribe-options.ts'
import { tlsOptions } from './tls-options.ts'
import { willOptions } from './will-options.ts'

const common = {
  ...loadOptions,
  ...connectionOptions,
  ...tlsOptions,
  ...sessionOptions,
  ...willOptions,
  ...reconnectOptions,
  ...outputOptions,
}

/** The flags of each bench command, in the order in which its help shows them. */
export const optionsOf = {
  conn: { ...common, ...connectPropertyOptions },
  sub: { ...subscribeOptions, ...common, ...ownPropertyOptions, ...messageOutputOptions },
  pub: { ...publishOptions, ...common, ...ownPropertyOptions, ...messageOutputOptions },
}
