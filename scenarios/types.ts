import type { ArrivalSpec, GroupSpec, ReconnectSpec } from '#weir/bench/types.ts'
import type { AssertRequest } from '#weir/facts/index.ts'

/** A scenario file after defaults; scenarios/scenario.schema.json says the same to editors and to the validator. */
export interface Scenario {
  name: string
  description: string
  cluster: {
    /** Which kind of custom resource. */
    dialect: 'v1beta4' | 'v2beta1'
    /** The custom resource that the run applies on weir's own testbeds. Credentials are never in here. */
    manifest: Record<string, unknown>
    /** What the update is held to when the resource names no rates, or only the operator's own defaults. */
    judgeAs?: {
      connEvictRate: number
      sessEvictRate: number
      waitTakeoverSeconds: number
      initialDelaySeconds: number
    }
  }
  /** What weir's own testbeds should be. A user's cluster is what it is: there all of it but faults is passed over. */
  testbed: {
    operator: '2.1.2' | '2.2.29'
    /** The operator's pause while something is under way: released ones have 20 s for v1beta4, 1 s for v2beta1. */
    pollIntervalSeconds: number
    /** EMQX's own wait in waiting_health_check when the operator sends none; released ones have 60 s. v2beta1 only. */
    healthCheckWaitSeconds?: number
    faults: string[]
  }
  fleet: {
    clients: number
    arrival: ArrivalSpec
    groups: GroupSpec[]
    keepAliveSeconds: number
    reconnect: ReconnectSpec
    connection: 'nodePort' | 'clusterIP' | 'loadBalancer'
    connectsInFlight: number
  }
  steps: Step[]
  observe: {
    scrapeIntervalSeconds: number
    /** Evacuation status and membership. */
    sampleIntervalSeconds: number
    /** Which client is on which node. */
    listingIntervalSeconds: number
    probeIntervalSeconds: number
  }
  assert: AssertRequest[]
  knownDeviations: string[]
  control?: string
}

export interface Deadline {
  /** Seconds; or "formula": 1.5 times the expected duration of the move, plus 60 s (contract: duration formula). */
  deadlineSeconds: number | 'formula'
}

/** What a step can wait for: scenarios/waits. */
export type WaitName = 'cluster-ready' | 'fleet-connected' | 'clients-located' | 'change-begun' | 'upgraded'

export type Step =
  | ({ action: 'apply' } & Deadline)
  | ({ action: 'start-fleet' } & Deadline)
  | ({ action: 'upgrade'; version: string } & Deadline)
  | ({ action: 'patch'; patch: unknown; expect: 'accepted' | 'refused' } & Deadline)
  | ({ waitFor: WaitName } & Deadline)
  | { hold: { seconds: number } }
  | { mark: string }
