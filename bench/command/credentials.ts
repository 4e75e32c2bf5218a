import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { messageOf, usageError } from '#weir/errors/index.ts'
import { type AssignedCredentials, assignCredentials, type Identity } from '../credentials/assign.ts'
import { COLUMNS, readCredentials } from '../credentials/credentials-file.ts'
import { exclusive } from './check-flags.ts'
import type { BenchRequest, ClientFlags } from './flags.ts'

/** Flags that a column of `--credentials` replaces. */
const FLAG_OF = { clientid: 'client-id', username: 'username', password: 'password' } as const

/** Ids, user names, passwords and certificates of the clients. Throws WEIR_USAGE. */
export function credentialsOf(request: BenchRequest, clients: number): AssignedCredentials {
  const { flags, fromEnvironment } = request
  const identity = identityOf(flags, fromEnvironment)
  const { clientId = `weir_${randomBytes(4).toString('hex')}_%i` } = identity
  return assignCredentials({ ...identity, clients, startNumber: flags['start-number'], clientId })
}

/**
 * Who clients are, by their flags: files are read, and nothing is given to clients yet. `fromEnvironment`: flags that were not given.
 * Throws WEIR_USAGE.
 */
export function identityOf(
  flags: ClientFlags & { password?: string | undefined },
  fromEnvironment: readonly string[] = [],
): Identity {
  exclusive(flags, ['password', 'password-file'])
  const { 'client-id': clientId, username, credentials: file, cert, key } = flags
  const password = passwordIn(flags['password-file']) ?? flags.password
  const columns = file === undefined ? undefined : readCredentials(file)
  // What the environment says is for every run; what the command line says is meant for this one.
  for (const column of COLUMNS)
    if (columns?.[column] && !fromEnvironment.includes(FLAG_OF[column]))
      exclusive(flags, ['credentials', FLAG_OF[column]])
  if (columns?.password) exclusive(flags, ['credentials', 'password-file'])
  // The password of the environment's own user is not another user's.
  const isOfAnother =
    columns?.username && fromEnvironment.includes('username') && fromEnvironment.includes('password')
  return { clientId, username, columns, cert, key, password: isOfAnother ? undefined : password }
}

/** The password in a file, without the line's end after it. */
function passwordIn(path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw usageError(
      `--password-file ${path} cannot be read (${messageOf(cause)}): it must be a file with the password alone`,
      cause,
    )
  }
  const password = text.replace(/\r?\n$/, '')
  if (password === '' || password.includes('\n'))
    throw usageError(
      `--password-file ${path} has ${password === '' ? 'nothing in it' : 'several lines'}: it must have the password alone`,
    )
  return password
}
