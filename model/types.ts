import type { ReconnectSpec } from '#weir/bench/types.ts'
import type { OperatorName } from './operators.ts'

/** What is to be predicted. Rates are per second and node, shares from 0 to 1. */
export interface Setting {
  clients: number
  nodes: number
  operator: OperatorName
  connEvictRate: number
  sessEvictRate: number
  /** 0: EMQX's own default. */
  waitTakeoverSeconds: number
  initialDelaySeconds: number
  healthCheckWaitSeconds: number
  pollSeconds: number
  /** From the change until all new nodes are ready (rolling update: from a pod's end until its successor is ready). */
  newNodesSeconds: number
  /** From a pod's deletion until it is gone. */
  podEndSeconds: number
  /** From an attempt to its CONNACK. */
  connectSeconds: number
  /** Share of clients that keep their session. */
  sessions: number
  reconnect: ReconnectSpec
  seed: number
}

/** Parts of the time in all, in the order in which they come. They add up to it. */
export const PARTS = [
  'new nodes',
  'initial delay',
  'health checks',
  'connections',
  'takeover',
  'sessions',
  'operator',
  'pods',
] as const
export type Part = (typeof PARTS)[number]

export interface Downtime {
  p50Seconds: number
  p90Seconds: number
  p99Seconds: number
  maxSeconds: number
}

export interface Prediction {
  seconds: number
  parts: Record<Part, number>
  /** Connections that were ended; a client that moves twice counts twice. */
  moves: number
  /** Most clients offline at once. */
  offlinePeak: number
  /** Connection attempts in all, refused ones too. */
  attempts: number
  refused: number
  /** Most attempts within any second: of all, and at one node. */
  attemptsPerSecond: number
  attemptsPerSecondOfNode: number
  /** Clients whose library gave up: they stay offline. */
  gaveUp: number
  /** From the end of a connection to the next CONNACK; all zero when nobody came back. */
  downtime: Downtime
  /** One value per second from the change: most clients offline in it, and attempts in it. */
  series: { offline: number[]; attempts: number[] }
}
