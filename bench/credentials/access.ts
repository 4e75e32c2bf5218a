import type { ClientAccess, TransportSpec } from '../types.ts'
import { type AssignedCredentials, assignCredentials, type Identity } from './assign.ts'

/** How the clients of a fleet connect, and who they are to the broker: holds secrets, and is in no record. */
export interface FleetAccess {
  /** Default: plain TCP. */
  transport?: TransportSpec
  identity: Identity
}

/** The same with ids, user names, passwords and certificates given to the clients. */
export interface AssignedAccess extends AssignedCredentials {
  transport?: TransportSpec
}

/** Gives each client of a fleet its part; `clientId` is the pattern of ids where the user chose none. Throws as `assignCredentials`. */
export function assignAccess(
  { transport, identity }: FleetAccess,
  clients: number,
  clientId: string,
): AssignedAccess {
  const assigned = assignCredentials({
    ...identity,
    clients: Math.max(1, clients),
    clientId: identity.clientId ?? clientId,
  })
  return { ...assigned, ...(transport && { transport }) }
}

/** How client k of a fleet connects, for a single client with an id of its own. */
export function accessOf(
  { transport, username, password, credentials = {} }: AssignedAccess,
  k = 0,
): ClientAccess {
  const { usernames, passwords, certificates } = credentials
  const [user, secret, certificate] = [
    usernames?.[k] ?? username,
    passwords?.[k] ?? password,
    certificates?.[k],
  ]
  return {
    ...(transport && { transport }),
    ...(user !== undefined && { username: user }),
    ...(secret !== undefined && { password: secret }),
    ...(certificate && { certificate }),
  }
}

/** More clients beside the fleet, with ids of their own: users and certificates are those of the fleet's clients, in turn. */
export function accessBeside(fleet: AssignedAccess, clients: number, clientId: string): AssignedAccess {
  const { ids: _, ...own } = fleet.credentials ?? {}
  const inTurn = Object.entries(own).map(([name, values]) => [
    name,
    Array.from({ length: clients }, (_, k) => values[k % values.length]),
  ])
  const credentials: AssignedCredentials['credentials'] = Object.fromEntries(inTurn)
  return { ...fleet, clientId, credentials: inTurn.length > 0 ? credentials : undefined }
}
