import type { AddressKind } from '../service-address.ts'
import type { Dialect, EmqxAbout, EmqxLicence, OperatorFound, Strategy } from '../types.ts'
import type { Finding } from './finding.ts'

/** What a cluster of the user's own is, one question a field; the words are for the user. */
export interface Discovery {
  /** Address of the API server, fit to be shown. */
  server: string
  namespace: string
  dialect: Dialect
  /** Name of the custom resource. */
  name: string
  /** The version that the resource asks for. */
  version: string | undefined
  /** Rates, waits and numbers of nodes, read from the resource. */
  strategy: Strategy
  /** `known` is false for a line that weir has not been measured against. */
  operator: OperatorFound & { known: boolean }
  /** How pods are asked: by their own addresses, or through the API server. */
  route: Finding<'pods' | 'api-server'>
  /** Whom weir is to EMQX, and where that is from. */
  credentials: Finding<{ username: string }>
  emqx: Finding<EmqxAbout>
  /** Whether this version and edition of EMQX can evacuate a node. */
  evacuation: Finding<boolean>
  licence: Finding<EmqxLicence>
  service: Finding<ServiceFound>
  metrics: Finding<MetricsFound>
}

export interface ServiceFound {
  name: string
  type: string
  /** Each kind of address that the Service has; which of them this machine can reach is not asked here. */
  addresses: { kind: AddressKind; host: string; port: number }[]
  /** For each other kind, what is missing. */
  missing: { kind: AddressKind; why: string }[]
}

export interface MetricsFound {
  path: string
  port: number
  authentication: 'none' | 'credentials'
  /** Which of the two gauges that the harness reads this version has. */
  connections: boolean
  liveConnections: boolean
  /** Everything that would be kept of a scrape. */
  names: string[]
}
