import { usageError } from '#weir/errors/index.ts'
import { clientIdOf } from '../fleet/fleet-table.ts'
import type { ClientCredentials, FleetSpec } from '../types.ts'
import { readCertificates } from './certificates.ts'
import type { CredentialColumns } from './credentials-file.ts'
import { fillIn, hasVariables } from './variables.ts'

/** Who the clients of a fleet are to the broker, by patterns and a file. */
export interface CredentialsRequest {
  clients: number
  /** What `%i` begins with, and the first row of a file. Default: 0. */
  startNumber?: number | undefined
  /** `%i` and `%u`. */
  clientId: string
  /** `%i`, `%{i+N}` and `%c`. */
  username?: string | undefined
  /** `%i`, `%{i+N}`, `%c` and `%u`. */
  password?: string | undefined
  /** Of a file: they replace the patterns above. */
  columns?: CredentialColumns | undefined
  /** Paths of the clients' certificates and keys, with the variables of a password. */
  cert?: string | undefined
  key?: string | undefined
}

/** The same before the number of clients and their ids are known. `clientId`: left out, whoever makes the fleet chooses. */
export type Identity = Omit<CredentialsRequest, 'clients' | 'startNumber' | 'clientId'> & {
  clientId?: string | undefined
}

/** The parts of a fleet's spec: what is the same for all clients, and what is not. */
export type AssignedCredentials = Pick<FleetSpec, 'clientId' | 'username' | 'password' | 'credentials'>

/**
 * Gives each client of a fleet its id, user name, password and certificate. Reads certificates, and opens no connection. Throws WEIR_USAGE
 * for a file with too few rows, ids that are not different, a pattern that needs itself, and files that cannot be read or do not fit.
 */
export function assignCredentials(request: CredentialsRequest): AssignedCredentials {
  const { clients, columns } = request
  const { startNumber = 0 } = request
  if (columns && columns.length < startNumber + clients) {
    const from = startNumber > 0 ? ` from row ${startNumber} on` : ''
    const most = Math.max(1, columns.length - startNumber)
    throw usageError(
      `--credentials ${columns.path} has ${columns.length} rows, and there are ${clients} clients${from}: use at most ${most} ${most === 1 ? 'client' : 'clients'}, or add rows`,
    )
  }
  requireOrder(request)
  const names = new Names(request)
  const credentials: ClientCredentials = {
    ...(names.idsVary && { ids: names.each((k) => names.id(k)) }),
    ...(names.usernamesVary && { usernames: names.each((k) => names.username(k)!) }),
    ...(names.passwordsVary && { passwords: names.each((k) => names.password(k)!) }),
    ...certificatesOf(request, names),
  }
  if (credentials.ids) requireDifferentIds(credentials.ids)
  const { username, password } = request
  return {
    clientId: names.clientId,
    ...(username !== undefined && !names.usernamesVary && { username: names.username(0)! }),
    ...(password !== undefined && !names.passwordsVary && { password: names.password(0)! }),
    ...(Object.keys(credentials).length > 0 && { credentials }),
  }
}

/** Client k's names: each is filled in from those that come before it. */
class Names {
  readonly idsVary: boolean
  readonly usernamesVary: boolean
  readonly passwordsVary: boolean
  readonly #request: CredentialsRequest
  readonly #columns: Partial<CredentialColumns>

  constructor(request: CredentialsRequest) {
    const columns: Partial<CredentialColumns> = request.columns ?? {}
    this.#request = request
    this.#columns = columns
    this.usernamesVary = columns.username !== undefined || hasVariables(request.username)
    this.passwordsVary = columns.password !== undefined || hasVariables(request.password)
    this.idsVary = columns.clientid !== undefined || (this.usernamesVary && request.clientId.includes('%u'))
  }

  /** The pattern of ids: `%u` stands for a user name that is the same for all. */
  get clientId(): string {
    const { clientId } = this.#request
    return this.idsVary ? clientId : clientId.replaceAll('%u', () => this.username(0) ?? '')
  }

  each<Value>(of: (k: number) => Value): Value[] {
    return Array.from({ length: this.#request.clients }, (_, k) => of(k))
  }

  id(k: number): string {
    const { clientId, clients, startNumber = 0 } = this.#request
    if (this.#columns.clientid) return this.#columns.clientid[startNumber + k]!
    if (!this.idsVary) return clientIdOf({ clientId: this.clientId, clients, startNumber }, k)
    return clientId.replaceAll(/%[iu]/g, (variable) =>
      variable === '%i' ? String(startNumber + k) : this.username(k)!,
    )
  }

  username(k: number): string | undefined {
    const { username, startNumber = 0 } = this.#request
    if (this.#columns.username) return this.#columns.username[startNumber + k]
    return username === undefined ? undefined : this.fill(username, k, undefined)
  }

  password(k: number): string | undefined {
    const { password, startNumber = 0 } = this.#request
    if (this.#columns.password) return this.#columns.password[startNumber + k]
    return password === undefined ? undefined : this.fill(password, k)
  }

  /** `username`: what `%u` stands for. */
  fill(text: string, k: number, username = text.includes('%u') ? this.username(k) : undefined): string {
    const clientId = text.includes('%c') ? this.id(k) : ''
    const { clients: fleetClients, startNumber } = this.#request
    return fillIn(text, { index: k, clientId, username, fleetClients, startNumber })
  }
}

/** Refuses variables that would need themselves, or what the server chooses later. */
function requireOrder({ clientId, username, password, cert, key, columns }: CredentialsRequest): void {
  if (!columns?.username && username && hasVariable(username, 'u'))
    throw usageError('-u has %u, which stands for the user name itself: use %i or %c')
  if (
    !columns?.username &&
    !columns?.clientid &&
    username &&
    hasVariable(username, 'c') &&
    clientId.includes('%u')
  )
    throw usageError('-u has %c and -I has %u, so each needs the other first: use %i in one of them')
  const ofId = [username, password, cert, key].some((text) => text && hasVariable(text, 'c'))
  if (ofId && clientId === '' && !columns?.clientid)
    throw usageError('%c stands for the client id, and with -I "" the server chooses it later: use %i')
}

const hasVariable = (text: string, name: 'c' | 'u'): boolean => new RegExp(`(?<!%)%${name}`).test(text)

function certificatesOf(
  { cert, key }: CredentialsRequest,
  names: Names,
): Pick<ClientCredentials, 'certificates'> {
  if (!hasVariables(cert) && !hasVariables(key)) return {}
  if (cert === undefined || key === undefined)
    throw usageError(
      '--cert and --key belong together: give both, e.g. --cert certs/%i.pem --key certs/%i.key',
    )
  return {
    certificates: readCertificates(
      names.each((k) => ({ cert: names.fill(cert, k), key: names.fill(key, k) })),
    ),
  }
}

/** Clients of one id would take over from each other for ever. */
function requireDifferentIds(ids: readonly string[]): void {
  const first = new Map<string, number>()
  for (const [k, id] of ids.entries()) {
    const before = first.get(id)
    if (before !== undefined)
      throw usageError(
        `clients ${before} and ${k} would both have the id "${id}", and take over from each other: add %i to -I`,
      )
    first.set(id, k)
  }
}
