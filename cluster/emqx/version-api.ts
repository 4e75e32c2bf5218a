import type { Evacuation, ListingEvent, NodesEvent, RebalanceStatus } from '#weir/facts/index.ts'
import type { ApiListener } from './endpoint.ts'
import type { EmqxHttp } from './http.ts'

/** What the members of an EMQX cluster say of themselves. */
export interface EmqxAbout {
  /** The oldest that a running member has. */
  version: string
  edition?: 'enterprise' | 'opensource'
  /** Sessions of all running members now, connected or not. */
  sessions: number
}

export interface EmqxLicence {
  /** Sessions, before 5.8.5 connections, of the whole cluster. */
  most: number
  /** e.g. "trial" */
  type?: string
  /** e.g. "2029-04-17" */
  expiresOn?: string
  expired: boolean
  /** In EMQX 5 the configuration may set a limit within that of the licence. */
  isConfigurable?: boolean
}

export interface EvacuationRequest {
  /** Clients and sessions a second. */
  connEvictRate: number
  sessEvictRate: number
  waitTakeoverSeconds: number
  /** Nodes that take the sessions that nobody has come back for. */
  recipients: readonly string[]
}

export interface RebalanceRequest {
  /** Clients and sessions per second and donor. */
  connEvictRate: number
  sessEvictRate: number
  /** At least `leastRebalanceWaitSeconds`. */
  waitHealthCheckSeconds: number
  waitTakeoverSeconds: number
  /** By how many, or by which factor, donors may exceed recipients on average. */
  absConnThreshold: number
  relConnThreshold: number
  absSessThreshold: number
  relSessThreshold: number
  /** EMQX node names. */
  nodes: readonly string[]
}

/** EMQX's HTTP API and metrics, asked of one pod. Throws EmqxApiError; never invents a value. */
export interface EmqxNodeApi {
  evacuations(): Promise<Evacuation[]>
  nodes(): Promise<NodesEvent['nodes']>
  /** All pages of this pod's own clients whose id begins with `prefix`: a shared cluster is not asked for the others. */
  clients(node: string, prefix: string): Promise<Pick<ListingEvent, 'connected' | 'detached' | 'complete'>>
  /** HTTP status of the availability check: 200 serving, 503 evacuating. */
  availability(): Promise<number>
  /** Unlabelled Prometheus samples of this node alone. */
  metrics(): Promise<{ status: number; metrics: Record<string, number> }>
  /** Whether the metrics can be had without credentials. */
  metricsAreOpen(): Promise<boolean>
  /** Has a node evict its clients and move its sessions. Rejects with EMQX's own words where it refuses. */
  startEvacuation(node: string, how: EvacuationRequest): Promise<void>
  /** Ends an evacuation: the node takes clients again. */
  stopEvacuation(node: string): Promise<void>
  /** Rebalances that are under way, at most one for each coordinator. */
  rebalances(): Promise<RebalanceStatus[]>
  /** Has a node coordinate a rebalance. Rejects with EMQX's own words where it refuses. */
  startRebalance(coordinator: string, how: RebalanceRequest): Promise<void>
  stopRebalance(coordinator: string): Promise<void>
  /** Takes a stopped node off the list of members. Undefined where the release has no request for it. */
  readonly forgetMember?: (node: string) => Promise<void>
  about(): Promise<EmqxAbout>
  licence(): Promise<EmqxLicence>
}

/** What differs between the majors of EMQX: which listener serves the HTTP API, who may use it, and how it is spoken. */
export interface EmqxVersionApi {
  /** The dashboard's listener serves the API and the metrics; `keys` is the one that knows API keys. */
  readonly listeners: { dashboard: ApiListener; keys: ApiListener }
  /** No listener takes a user of the dashboard by Basic authentication. */
  readonly keysOnly?: boolean
  /** Which variables of the environment give credentials that it takes, in the user's words. */
  readonly saying: string
  /** The path of the metrics, as it is asked. */
  readonly metricsPath: string
  /** The API user that the operator makes for itself: an API key. */
  readonly secret: {
    nameOf(resource: string): string
    /** The key of the Secret: lines of `user:password`. */
    key: string
    /** The operator's own among them. */
    user: string
  }
  /** Nodes have the request `forgetMember`. */
  readonly forgets: boolean
  /** The shortest wait that a rebalance may name (docs/contract/emqx.md#rebalance). */
  readonly leastRebalanceWaitSeconds: 0 | 1
  /** What the dashboard's listener accepts until somebody changes it; none where it takes API keys only. */
  readonly initialUser?: { username: string; password: string }
  over(http: EmqxHttp): EmqxNodeApi
}
