import { resolve } from 'node:path'
import { clientIdOf } from '#weir/bench/fleet/fleet-table.ts'
import { assignAccess, identityOf, transportOf } from '#weir/bench/index.ts'
import type { ClientFlags, FleetAccess } from '#weir/bench/types.ts'
import type { Scenario } from '../types.ts'
import { clientIdPattern, clientIdPrefix, commonPrefix } from './client-ids.ts'
import type { Run } from './run.ts'

type Fleet = Scenario['fleet']
type Transport = NonNullable<Fleet['transport']>

/** What `fleet.transport` says, by the flag that says the same. */
const FLAG_OF = {
  protocol: 'protocol',
  ca: 'ca',
  cert: 'cert',
  key: 'key',
  servername: 'servername',
  alpn: 'alpn',
  ciphers: 'ciphers',
  insecure: 'insecure',
  path: 'path',
  proxyProtocol: 'proxy-protocol',
  proxySources: 'proxy-sources',
} as const satisfies Record<keyof Transport, keyof ClientFlags>

const FIELDS = Object.keys(FLAG_OF) as (keyof Transport)[]
const OF_TLS: readonly (keyof Transport)[] = [
  ...(['ca', 'cert', 'key', 'servername', 'alpn', 'ciphers', 'insecure'] as const),
]
const FILES: readonly (keyof Transport)[] = ['ca', 'cert', 'key']

/** What of the flags is in no scenario, because it may be a secret, or names users: it is read where the fleet is made. */
export type SecretFlags = Pick<ClientFlags, 'username' | 'client-id' | 'password-file' | 'ws-headers'> & {
  password?: string | undefined
  /** Flags that were not given: their values are from the environment. */
  fromEnvironment?: readonly string[] | undefined
}

/** The scenario with what the flags say of transport and files over what it says itself. */
export function withClientFlags(scenario: Scenario, flags: ClientFlags): Scenario {
  const given = FIELDS.filter((field) => flags[FLAG_OF[field]] !== undefined)
  const { credentials } = flags
  if (given.length === 0 && credentials === undefined) return scenario
  const own = Object.fromEntries(
    given.map((field) => {
      const value = flags[FLAG_OF[field]]
      return [field, FILES.includes(field) ? resolve(value as string) : value]
    }),
  )
  const fleet: Fleet = { ...scenario.fleet }
  if (given.length > 0) fleet.transport = { ...fitting(fleet.transport, flags.protocol), ...own } as Transport
  if (credentials !== undefined) fleet.credentials = resolve(credentials)
  return { ...scenario, fleet }
}

/** What a scenario says of its transport, as far as another one has it too. */
function fitting(transport: Fleet['transport'], protocol: string | undefined): Partial<Transport> {
  if (protocol === undefined) return transport ?? {}
  const isSecure = protocol === 'mqtts' || protocol === 'wss'
  const isWeb = protocol === 'ws' || protocol === 'wss'
  return Object.fromEntries(
    Object.entries(transport ?? {}).filter(
      ([field]) => (isSecure || !OF_TLS.includes(field as keyof Transport)) && (isWeb || field !== 'path'),
    ),
  )
}

/** How the clients of a scenario connect, and who they are. Reads the files that it names. Throws WEIR_USAGE. */
export function readAccess(
  { transport, credentials }: Pick<Fleet, 'transport' | 'credentials'>,
  { fromEnvironment, ...secret }: SecretFlags = {},
): FleetAccess {
  const flags: ClientFlags = {
    ...Object.fromEntries(FIELDS.map((field) => [FLAG_OF[field], transport?.[field]])),
    ...secret,
    credentials,
  }
  const isPlain = transport === undefined && secret['ws-headers'] === undefined
  const identity = identityOf({ ...flags, password: secret.password }, fromEnvironment)
  return isPlain ? { identity } : { transport: transportOf(flags), identity }
}

/** How the clients of one run connect, and what all of their ids begin with. Throws WEIR_USAGE. */
export function accessOfRun(
  access: FleetAccess,
  clients: number,
): Pick<Run, 'access' | 'clientIdPrefix' | 'chosenIds'> {
  const prefix = clientIdPrefix()
  const assigned = assignAccess(access, clients, clientIdPattern(prefix))
  const { identity } = access
  if (identity.clientId === undefined && !identity.columns?.clientid)
    return { access: assigned, clientIdPrefix: prefix }
  const { clientId, credentials } = assigned
  const ids =
    credentials?.ids ?? Array.from({ length: clients }, (_, k) => clientIdOf({ clientId, clients }, k))
  return { access: assigned, clientIdPrefix: commonPrefix(ids), chosenIds: new Set(ids) }
}
