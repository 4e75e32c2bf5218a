import type { FleetAccess } from '#weir/bench/types.ts'
import type { Cluster, ClusterOptions, DialectName, Discovery, Interference } from '#weir/cluster/index.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import type { CheckHead, Line } from '../line.ts'
import type { Readings } from '../machine/readings.ts'
import type { ClientAddresses } from '../plan/address.ts'

export interface Request {
  cluster: ClusterOptions
  /** Clients that will connect; 0 for a run that only observes. */
  clients: number
  /** Whether the run changes the resource. */
  changes: boolean
  /** What the run does to the cluster beside the resource. */
  interferes?: readonly Interference[]
  /** The operation of `weir ops`, of which a cluster has one at a time. */
  operates?: string
  /** Whether the cluster may be stopped: what needs nodes is then not checked. */
  mayBeStopped?: boolean
  /** Whether nodes are expected to be evacuated. */
  evacuates: boolean
  scenario?: Scenario
  /** The EMQX version to change to. */
  target?: string
  /** The user named that version; otherwise it comes from the scenario's file. */
  targetIsChosen?: boolean
  /** The kind of address that the user chose for the clients. */
  connection?: Scenario['fleet']['connection']
  /** How clients connect, and who they are. Default: over TCP, and without a user name. */
  access?: FleetAccess | undefined
  /** The fleet runs in pods of the cluster, and not on this machine. */
  fleetJob?: FleetJobWish | undefined
}

export interface FleetJobWish {
  pods: number
  /** Default: that of the pod that weir runs in. */
  image?: string | undefined
  /** Its name, where weir runs in one. */
  ownPod?: string | undefined
}

/** What checks find out for later checks. */
export interface Learned {
  kube: KubeApi
  /** The API server answers. */
  reachable: true
  /** It accepts this user. */
  admitted: true
  /** Dialects whose custom resources it serves. */
  served: readonly DialectName[]
  opened: Cluster
  discovery: Discovery
  addresses: ClientAddresses
  /** Connected clients that are not weir's. */
  otherClients: number
  /** Sessions without a client. */
  otherSessions: number
  /** Readings of the machine that the fleet runs on. */
  machine: Readings
  /** What the pods of the fleet run. */
  fleetImage: string
}

export type Facts = Request & Partial<Learned>

export interface Answer {
  lines: Line[]
  learned?: Partial<Learned>
}

/** One thing that a run needs of a cluster or of this machine. Changes nothing. */
export interface Check extends CheckHead {
  /** Whether the request needs this check. Default: always. */
  matters?(request: Request): boolean
  /** It asks nodes, of which a stopped cluster has none. */
  asksNodes?: true
  /** The check runs only when these are known. */
  needs: readonly (keyof Learned)[]
  run(facts: Facts): Promise<Answer> | Answer
}

/** Defines a check whose `run` gets what it needs. */
export function defineCheck<Needed extends keyof Learned>(
  check: Omit<Check, 'needs' | 'run'> & {
    needs: readonly Needed[]
    run(facts: Facts & Pick<Learned, Needed>): Promise<Answer> | Answer
  },
): Check {
  return { ...check, run: (facts) => check.run(facts as Facts & Pick<Learned, Needed>) }
}

/** A cluster without nodes, where that is no fault. */
export const isStopped = ({ mayBeStopped, discovery }: Facts): boolean =>
  mayBeStopped === true && discovery?.strategy.replicas === 0

export const hasClients = ({ clients }: Request): boolean => clients > 0

/** Clients that connect from this machine. */
export const hasClientsHere = (request: Request): boolean =>
  hasClients(request) && request.fleetJob === undefined
