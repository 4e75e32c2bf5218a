import { randomBytes } from 'node:crypto'
import { type AssignedCredentials, assignCredentials } from '../credentials/assign.ts'
import { COLUMNS, readCredentials } from '../credentials/credentials-file.ts'
import { exclusive } from './check-flags.ts'
import type { BenchRequest } from './flags.ts'

/** Flags that a column of `--credentials` replaces. */
const FLAG_OF = { clientid: 'client-id', username: 'username', password: 'password' } as const

/** Ids, user names, passwords and certificates of the clients. Throws WEIR_USAGE. */
export function credentialsOf(request: BenchRequest, clients: number): AssignedCredentials {
  const { flags, fromEnvironment = [] } = request
  const { 'client-id': clientId = `weir_${randomBytes(4).toString('hex')}_%i`, username, password } = flags
  const { credentials: file, cert, key, 'start-number': startNumber } = flags
  const columns = file === undefined ? undefined : readCredentials(file)
  // What the environment says is for every run; what the command line says is meant for this one.
  for (const column of COLUMNS)
    if (columns?.[column] && !fromEnvironment.includes(FLAG_OF[column]))
      exclusive(flags, ['credentials', FLAG_OF[column]])
  // The password of the environment's own user is not another user's.
  const isOfAnother =
    columns?.username && fromEnvironment.includes('username') && fromEnvironment.includes('password')
  return assignCredentials({
    ...{ clients, startNumber, clientId, username, columns, cert, key },
    password: isOfAnother ? undefined : password,
  })
}
