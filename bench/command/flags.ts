import type { InferredOptionTypes, Options } from 'yargs'
import type { clientOptions } from './client-options.ts'
import type * as options from './options.ts'

type Given<O extends Record<string, Options>> = Partial<InferredOptionTypes<O>>

export type BenchCommand = keyof typeof options.optionsOf
export type LoadFlags = Given<typeof options.loadOptions>
export type ConnectionFlags = Given<typeof options.connectionOptions>
export type TlsFlags = Given<typeof options.tlsOptions>
/** What `run`, `observe` and `doctor` share with bench. */
export type ClientFlags = Given<typeof clientOptions>
export type SessionFlags = Given<typeof options.sessionOptions & typeof options.ownPropertyOptions>
export type WillFlags = Given<typeof options.willOptions>
export type ReconnectFlags = Given<typeof options.reconnectOptions>
export type SubscribeFlags = Given<typeof options.subscribeOptions>
export type PublishFlags = Given<typeof options.publishOptions>
export type OutputFlags = Given<typeof options.outputOptions & typeof options.messageOutputOptions> &
  Pick<PublishFlags, 'verify'>

/** What all three commands accept. */
export type CommonFlags = Given<typeof options.commonOptions> & SessionFlags & OutputFlags
export type ConnFlags = CommonFlags & Given<typeof options.churnOptions & typeof options.findRateOptions>
export type SubFlags = CommonFlags & SubscribeFlags
export type PubFlags = CommonFlags & PublishFlags

export type BenchRequest = (
  | { command: 'conn'; flags: ConnFlags }
  | { command: 'sub'; flags: SubFlags }
  | { command: 'pub'; flags: PubFlags }
) & {
  /** Flags that were not given: their values are from the environment. */
  fromEnvironment?: readonly string[]
}
