import { messageOf } from '#weir/errors/index.ts'
import type { AddressKind, ServiceAddresses } from '#weir/facts/index.ts'
import { EmqxApiError } from '../emqx/api-error.ts'
import type { Dialect, EmqxAbout, EmqxLicence, OperatorFound, Strategy } from '../types.ts'

/** The user's cluster as discovered. The texts are for the user. */
export interface Discovery {
  /** Address of the API server, for display. */
  server: string
  namespace: string
  dialect: Dialect
  /** Name of the custom resource. */
  name: string
  /** The version that the resource asks for. */
  version: string | undefined
  /** Rates, waits and numbers of nodes, read from the resource. */
  strategy: Strategy
  /** `known` is false for a line that weir was not measured against. */
  operator: OperatorFound & { known: boolean }
  route: Finding<'pods' | 'api-server'>
  /** The user of EMQX's API, and its source. */
  credentials: Finding<{ username: string }>
  emqx: Finding<EmqxAbout>
  /** Whether this version and edition of EMQX can evacuate a node. */
  evacuation: Finding<boolean>
  licence: Finding<EmqxLicence>
  service: Finding<ServiceFound>
  /** Where all Services of the resource are reached. */
  addresses: Finding<ServiceAddresses[]>
  metrics: Finding<MetricsFound>
}

export interface ServiceFound {
  name: string
  type: string
  /** Each kind of address of the Service, reachable from here or not. */
  addresses: { kind: AddressKind; host: string; port: number }[]
  /** For each other kind, what is missing. */
  missing: { kind: AddressKind; why: string }[]
  /** Where no port is for the clients' transport: what there is instead, and which flags lead there. */
  noPort?: { why: string; todo: string }
}

export interface MetricsFound {
  path: string
  scheme: 'http' | 'https'
  port: number
  authentication: 'none' | 'credentials'
  /** Which of the two gauges this version has. */
  connections: boolean
  liveConnections: boolean
  /** All metrics of a scrape that are recorded. */
  names: string[]
}

/** A finding about a cluster and its source, or why it is unknown. */
export type Finding<T> = { found: T; how: string } | Unknown

interface Unknown {
  found?: undefined
  why: string
  /** What the user can do, where the failure itself shows it. */
  todo?: string | undefined
}

export const unknown = (why: string, todo?: string): Unknown => (todo === undefined ? { why } : { why, todo })

/** Unknown for what was thrown. */
export const failed = (error: unknown): Unknown =>
  error instanceof EmqxApiError ? unknown(error.why, error.todo) : unknown(wordsOf(error))

/** The words of whatever was thrown. */
export const wordsOf = (error: unknown): string => messageOf(error).split('\n')[0]!
