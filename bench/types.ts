import type {
  ClientEventReason,
  ClientEvents,
  FleetTable,
  LatencyBuckets,
  LedgerReport,
  LoopHealth,
  PingHealth,
  ProtocolVersion,
  TransportProtocol,
} from '#weir/facts/index.ts'
import type {
  ConnectProperties,
  PublishSpec,
  SubscriptionSpec,
  TrafficStart,
  WillSpec,
} from './traffic/types.ts'

export type { TransportProtocol } from '#weir/facts/index.ts'
export type { ClientFlags } from './command/flags.ts'
export type { AssignedAccess, FleetAccess } from './credentials/access.ts'
export type * from './stored/types.ts'
export type * from './traffic/types.ts'

/** The public shapes of the connection generator. This folder knows MQTT and nothing of EMQX, Kubernetes or records. */

/** `lean`: weir's own, made for numbers. `mqttjs`: the mqtt package as applications use it, to check the lean one against. */
export type EngineName = 'lean' | 'mqttjs'

export interface Target {
  host: string
  port: number
}

/** When clients come: a pure, open-loop function of elapsed time. */
export type ArrivalSpec =
  | { kind: 'interval'; everyMs: number }
  | { kind: 'rate'; perSecond: number }
  | { kind: 'ramp'; fromPerSecond: number; toPerSecond: number; overSeconds: number }
  | { kind: 'step'; steps: { perSecond: number; forSeconds: number }[] }
  | { kind: 'spike' }
  | { kind: 'poisson'; perSecond: number }

/** The reconnect policy: a preset's name, or explicit numbers. */
export type ReconnectSpec =
  | { preset: string }
  | {
      kind: 'fixed' | 'exponential'
      baseMs: number
      capMs?: number
      factor?: number
      jitter?: 'none' | 'full' | 'equal' | 'decorrelated' | { plusMinus: number }
      /** Attempts after which the client is given up (and reported as lost). Default: never. */
      tries?: number
    }

/** A part of the fleet with the same habits. Shares are normalised over all groups. */
export interface GroupSpec {
  name: string
  share: number
  protocol: ProtocolVersion
  /** Keep the session over a disconnect: clean_session=0, or clean_start=0 with `sessionExpirySeconds`. */
  persistent: boolean
  sessionExpirySeconds?: number
  connect?: ConnectProperties
  will?: WillSpec
  subscribe?: readonly SubscriptionSpec[]
  publish?: PublishSpec
}

/** Whom clients are to the broker. */
export interface MqttUser {
  username: string
  password: string
}

/** A client's own certificate and key, as PEM texts. */
export interface ClientCertificate {
  cert: string
  key: string
}

/** How one client connects, and who it is to the broker. */
export interface ClientAccess extends Partial<MqttUser> {
  /** Default: plain TCP. */
  transport?: TransportSpec
  certificate?: ClientCertificate
}

/** What differs from client to client: value k is client k's. What is left out is the same for all. Made by `credentials/assign.ts`. */
export interface ClientCredentials {
  ids?: readonly string[]
  usernames?: readonly string[]
  passwords?: readonly string[]
  certificates?: readonly ClientCertificate[]
}

export interface FleetSpec extends Partial<MqttUser> {
  clients: number
  seed: number
  /** Client k connects to target k mod their number; with several addresses of one name, clients spread over these too. */
  targets: readonly Target[]
  /** A client that could not connect goes on to the next target. Without it, clients go on to the next address of a name alone. */
  failOver?: boolean
  /** So many targets at the end of the list get no client at first: with `failOver`, those that could not connect elsewhere come to them. */
  spares?: number
  /** Default: plain TCP. */
  transport?: TransportSpec
  /** Default: lean. */
  engine?: EngineName
  /** Local addresses to connect from, taken in turn. Left out, the fleet takes several where the ports of one may run out. */
  sourceAddresses?: readonly string[]
  /** Go where a server that refuses or evicts points to with a Server Reference (MQTT 5 §4.11). */
  followServerReference?: boolean
  trafficStart?: TrafficStart
  /**
   * Also account for messages of other fleets (`bench sub --verify`): only what came is known, so a gap is a loss. Default:
   * they count as foreign.
   */
  otherFleets?: boolean
  /** `%i` becomes the client's index, counted from `startNumber`. */
  clientId: string
  /**
   * Each client disconnects after `stayMs` and comes again once in `periodMs`, whatever became of its connection; the reconnect policy
   * does not apply. Default: clients stay.
   */
  churn?: { stayMs: number; periodMs: number }
  /** What `%i` begins with: fleets of several processes get different names by it. Default: 0. */
  startNumber?: number
  credentials?: ClientCredentials
  arrival: ArrivalSpec
  groups: GroupSpec[]
  keepAliveSeconds: number
  reconnect: ReconnectSpec
  connectTimeoutMs: number
  connackTimeoutMs: number
  /** Bound on connects in flight over the whole fleet, on reconnects too. */
  connectsInFlight: number
  /** Worker threads, of each process; 0 chooses. */
  workers: number
  /** Child processes to spread over; 0 or left out: none, unless the descriptors of one process do not suffice. */
  processes?: number
  /**
   * Clients that leave by plan end their sessions: MQTT 5 clients that are online by their DISCONNECT, the others by another connect
   * with a clean start.
   */
  endSessions?: boolean
  /** process.hrtime.bigint() that counts as t = 0 in event batches. */
  clockZeroNs: bigint
}

/** Live figures, read from shared memory: cheap, at any time, from any thread. */
export interface FleetCounters {
  scheduled: number
  attempts: number
  connected: number
  refused: number
  failed: number
  /** TCP handshakes that took a second or more: the SYN was sent twice, mostly because the broker's listen backlog was full. */
  slowHandshakes: number
  disconnected: number
  gaveUp: number
  /** Clients online whose server takes nothing of what they have to publish: `PublisherAccount.bound` says why. */
  cannotPublish: number
  /** Clients connected now. */
  online: number
  inFlight: number
  droppedEvents: number
  /** Clients with a subscription whose SUBACK the broker refused in part or whole, each time. */
  subscribesRefused: number
  /** Clients whose subscriptions stand now, while they are online. */
  subscribed: number
  /** PUBLISH packets of clients, resent ones not counted; acknowledged ones (QoS 1 and 2). */
  published: number
  acknowledged: number
  /** PUBLISH packets that came, copies included. */
  received: number
}

/** A process on another machine that runs a part of the fleet. */
export interface FleetMember {
  name: string
  /** Client k is one of its when `k % of` is among these. */
  shards: readonly number[]
  of: number
  /** Resolves when it is gone for good before it was stopped: from then on nothing is known of its clients. Else never. */
  lost: Promise<MemberLoss>
}

export interface MemberLoss {
  /** e.g. "fleet pod weir-fleet-x-1 ended (OOMKilled, exit code 137)" */
  how: string
  /** Up to when its events have come, on the fleet's clock. */
  sinceMs: number
}

/** Since the last call. */
export interface FleetHealth {
  loopDelayP99Ms: number
  loopDelayMaxMs: number
  scheduleLagP99Ms: number
  /** The worst shard's loop: for how long it was watched, and for how much of that things waited over 50 ms. */
  watchedMs: number
  lateMs: number
  /** The same of each process on another machine, as long as it is there. */
  members?: readonly ({ name: string } & LoopHealth)[]
  /** Absent when no ping was answered. */
  pings?: PingHealth
}

/** Sessions that outlived their connections when the fleet stopped: how many a clean connect ended, and how many are left. */
export interface EndedSessions {
  ended: number
  left: number
}

export interface TrafficEnd {
  /** False when messages were still in flight at the end, or may have been. */
  settled: boolean
  /** Members that had not accounted for their part of the messages, by name. */
  unanswered: readonly string[]
}

export interface Fleet {
  table: FleetTable
  /** Child processes that run parts of it; none where it runs in threads of this process. */
  pids: readonly number[]
  /** Where it runs on other machines. The fleet goes on without one that is lost, and ends with the last. */
  members?: readonly FleetMember[]
  /** Notes for the user: what will make this fleet slow. Mostly none. */
  notes: readonly string[]
  counters(): FleetCounters
  health(): FleetHealth
  /**
   * Resolves when the fleet has stopped; rejects with a WeirError as soon as a worker dies. Safe to ignore: `stop` reports
   * the same error.
   */
  ended: Promise<void>
  /**
   * Ends publishing and waits until what is in flight has arrived, at most `limitMs`, and no longer than a client is online. May be
   * called again.
   */
  endTraffic(limitMs: number): Promise<TrafficEnd>
  /** The account of the messages, complete after `stop`. Undefined for a fleet without subscriptions, publishers and wills. */
  ledger(): LedgerReport | undefined
  /** The latencies of all messages so far; none before the first one. */
  latencies(): LatencyBuckets[]
  /**
   * Planned DISCONNECT of every client (`left` events), sessions ended where the spec says so, last batch delivered, workers gone.
   * Bounded in time.
   */
  stop(): Promise<EndedSessions>
}

export type StartFleet = (spec: FleetSpec, onBatch: (batch: ClientEvents) => void) => Promise<Fleet>

/** An independent client that connects, subscribes, publishes QoS 1 to itself and disconnects, once a second. */
export interface ProbeResult {
  /** Nanoseconds since clockZeroNs, at the end of the try. */
  t: number
  ok: boolean
  tookNs: number
  error?: string
  /** What the network, TLS or HTTP had to do with it, with the alert or the status; left out where it was MQTT. */
  failure?: { reason: ClientEventReason; code: number }
}
export interface ProbeSpec {
  target: Target
  everyMs: number
  timeoutMs: number
  clockZeroNs: bigint
  access?: ClientAccess | undefined
}
export type StartProbe = (
  spec: ProbeSpec,
  onResult: (result: ProbeResult) => void,
) => { stop(): Promise<void> }

/** Certificates and keys as PEM texts: plain data, as it crosses into worker threads and child processes. */
export interface TlsSpec {
  /** Authorities to trust instead of the system's. */
  ca?: string
  /** The client's own certificate and key. */
  cert?: string
  key?: string
  /** Server name (SNI), and whom the certificate is checked for. Default: the target's host, unless that is an address. */
  servername?: string
  /** Application protocols to offer (ALPN), best first. */
  alpn?: readonly string[]
  /** OpenSSL's list of ciphers to offer (openssl-ciphers(1)), of TLS 1.2 and 1.3. */
  ciphers?: string
  /** Take any certificate. */
  insecure?: boolean
  /** Default true: a connection that its engine calls a return (`Route.returning`) resumes a session by the server's ticket. No engine does. */
  resume?: boolean
}

export interface WebSocketSpec {
  /** Default "/mqtt". */
  path?: string
  headers?: Readonly<Record<string, string>>
}

/** Left out, a fleet speaks plain TCP. */
export interface TransportSpec {
  protocol: TransportProtocol
  tls?: TlsSpec
  webSocket?: WebSocketSpec
  /** Every connection begins with the header of a proxy. */
  proxyProtocol?: ProxySpec
}

/** HAProxy's PROXY protocol. */
export interface ProxySpec {
  version: 'v1' | 'v2'
  /** Where clients are said to come from: an address or a network in CIDR notation, over which they are distributed. */
  sources: string
}
