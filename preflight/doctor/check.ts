import type { MqttUser } from '#weir/bench/types.ts'
import type { Cluster, ClusterOptions, DialectName, Discovery } from '#weir/cluster/index.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import type { CheckHead, Line } from '../line.ts'
import type { Readings } from '../machine/readings.ts'
import type { ClientAddress } from '../plan/address.ts'

/** What is to be looked at, and for what. */
export interface Request {
  cluster: ClusterOptions
  /** How many clients are to connect; 0 for a run that only looks on. */
  clients: number
  /** Whether the resource is to be changed. */
  changes: boolean
  /** Whether nodes are expected to be evacuated: what an update without evacuations lacks is no fault then. */
  evacuates: boolean
  scenario?: Scenario
  /** The EMQX version that the resource is to be changed to. */
  target?: string
  /** The user named that version for this cluster; otherwise it is only what the scenario's file says. */
  targetIsChosen?: boolean
  /** The kind of address that clients must use, when the user chose one. */
  connection?: Scenario['fleet']['connection']
  /** Whom the clients are to EMQX, when the user says so. */
  mqttUser?: MqttUser | undefined
}

/** What checks learn for those that come after them. */
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
  address: ClientAddress
  /** Clients that are connected already, and are not weir's. */
  otherClients: number
  /** What was read of the machine that the fleet runs on. */
  machine: Readings
}

export type Facts = Request & Partial<Learned>

export interface Answer {
  lines: Line[]
  learned?: Partial<Learned>
}

/** One thing that a run needs of a cluster or of this machine. Changes nothing. */
export interface Check extends CheckHead {
  /** Whether it matters for this request at all; always, when left out. */
  matters?(request: Request): boolean
  /** Not looked at before these are known. */
  needs: readonly (keyof Learned)[]
  look(facts: Facts): Promise<Answer> | Answer
}

/** A check as its file writes it: what it needs is there when it looks. */
export function defineCheck<Needed extends keyof Learned>(
  check: Omit<Check, 'needs' | 'look'> & {
    needs: readonly Needed[]
    look(facts: Facts & Pick<Learned, Needed>): Promise<Answer> | Answer
  },
): Check {
  return { ...check, look: (facts) => check.look(facts as Facts & Pick<Learned, Needed>) }
}

/** For checks that are about the fleet. */
export const hasClients = ({ clients }: Request): boolean => clients > 0
