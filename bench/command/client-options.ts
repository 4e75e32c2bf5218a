import { connectionOptions, tlsOptions } from './options.ts'

const { protocol, username, credentials, path } = connectionOptions

/** The flags of how clients connect and who they are that `run`, `observe` and `doctor` share with `weir bench`. */
export const clientOptions = {
  protocol,
  'client-id': connectionOptions['client-id'],
  username,
  'password-file': connectionOptions['password-file'],
  credentials,
  path,
  'ws-headers': connectionOptions['ws-headers'],
  'proxy-protocol': connectionOptions['proxy-protocol'],
  'proxy-sources': connectionOptions['proxy-sources'],
  ...tlsOptions,
}

export type ClientFlag = keyof typeof clientOptions
