import type { Clock } from '../runtime/clock.ts'
import type { Random } from '../runtime/random.ts'
import type { ClusterLicence } from './cluster-licence.ts'
import { Disturbed } from './disturbed.ts'
import { EvictionAgent } from './evacuation/agent.ts'
import { type EvictionHooks, evictConnections, evictionOrderOf, evictSessions } from './evacuation/evict.ts'
import { Evacuation, type EvacuationHooks } from './evacuation/machine.ts'
import { partnerOf } from './evacuation/partner.ts'
import { Rebalance } from './evacuation/rebalance.ts'
import type { Partner, RebalanceHooks } from './evacuation/rebalance-partner.ts'
import type { Group, Role } from './group.ts'
import type { Listener } from './http/management-api.ts'
import { type LicenceHooks, License } from './license.ts'
import type { EmqxLog } from './log/emqx-log.ts'
import { type Counters, newCounters } from './metrics/counters.ts'
import { type GaugeHooks, Gauges } from './metrics/gauges.ts'
import type { Connection, ConnectionHooks } from './mqtt/connection.ts'
import type { Channel, SessionHooks } from './session/channel.ts'
import { retry } from './session/deliver.ts'
import { Endings } from './session/ending.ts'
import { expireSession } from './session/lifecycle.ts'
import type { VersionProfile } from './version.ts'

/** Where faults change what a node does; hooks.ts holds the honest ones. */
export interface NodeHooks
  extends ConnectionHooks,
    SessionHooks,
    EvacuationHooks,
    RebalanceHooks,
    EvictionHooks,
    GaugeHooks,
    LicenceHooks {
  /** The node has joined its cluster. */
  onJoin(node: NodeCore): void
  onEvacuation(node: NodeCore): void
  /** The cluster has another licence, by a request to this node. */
  onLicence(node: NodeCore): void
  /** Rows that the node lists beside its own. */
  listedBeside(node: NodeCore): readonly Channel[]
}

export interface CoreOptions {
  name: string
  /** Nothing is disturbed when left out. */
  disturbed?: Disturbed
  role: Role
  podUid: string
  /** The set of pods that the node belongs to: its generation. */
  setName: string
  /** The default wait in waiting_health_check. */
  healthCheckWaitSeconds: number
  maxSessions: number
  version: VersionProfile
  group: Group<NodeCore>
  clock: Clock
  random: Random
  hooks: NodeHooks
  onEvacuation: () => void
  log: EmqxLog
  /** The ports that it opens. */
  listeners: readonly Listener[]
}

const SWEEP_MS = 1000
/** A row leaves the channel table a little after its process has ended (docs/contract/emqx.md#tables). */
const ROW_REMOVAL_MS = { least: 1, spread: 49 }

/** One EMQX node without its listeners: tables, counters, evacuation, and the clock they run on. */
export class NodeCore {
  readonly name: string
  readonly role: Role
  readonly podUid: string
  readonly generation: number
  readonly healthCheckWaitSeconds: number
  readonly version: VersionProfile
  readonly group: Group<NodeCore>
  readonly clock: Clock
  readonly random: Random
  readonly hooks: NodeHooks
  readonly counters: Counters = newCounters()
  readonly endings = new Endings()
  readonly license: License
  readonly log: EmqxLog
  readonly listeners: readonly Listener[]
  readonly gauges: Gauges
  readonly evacuation: Evacuation
  /** The one that the node conducts. */
  readonly rebalance: Rebalance
  readonly partner: Partner
  readonly agent: EvictionAgent<Rebalance>
  readonly disturbed: Disturbed
  /** All open sockets, also those without a client yet. */
  readonly connections = new Set<Connection>()
  /** The channel table: connected, detached and parked sessions by client id. */
  readonly channels = new Map<string, Channel>()
  /** Channels whose client is connected. */
  readonly live = new Map<string, Channel>()
  readonly startedAtMs: number
  readonly #timers = new Set<() => void>()
  readonly #deadRows: Channel[] = []
  #stopped = false

  constructor(options: CoreOptions) {
    this.name = options.name
    this.role = options.role
    this.podUid = options.podUid
    this.version = options.version
    this.healthCheckWaitSeconds = options.healthCheckWaitSeconds
    this.group = options.group
    this.clock = options.clock
    this.random = options.random
    this.hooks = options.hooks
    this.log = options.log
    this.listeners = options.listeners
    this.generation = options.group.generationOf(options.setName, options.role)
    this.license = new License(
      () => this.group.licence.most ?? options.maxSessions,
      options.clock,
      options.hooks,
      () => this.#licensedCount(),
    )
    this.gauges = new Gauges(this)
    this.startedAtMs = options.clock.now()
    this.disturbed = options.disturbed ?? new Disturbed(options.clock)
    const order = evictionOrderOf(this)
    this.evacuation = new Evacuation(
      {
        liveConnections: () => this.live.size,
        sessions: () => [...this.countedSessions()].length,
        evictConnections: (count, done) => evictConnections(this, order.take(count), done),
        evictSessions: (count) => {
          const recipients = this.sessionRecipients()
          evictSessions(this.countedSessions().take(count), recipients, this.group.random)
          return recipients.map(({ name }) => name)
        },
        log: (event) => this.log.write(event),
        keep: (kept) => this.group.keepEvacuation(this.podUid, kept),
        onStart: () => {
          this.hooks.onEvacuation(this)
          options.onEvacuation()
        },
      },
      options.clock,
      options.hooks,
    )
    this.rebalance = new Rebalance(options.name, options.clock, options.hooks)
    this.partner = partnerOf(this, order)
    this.agent = new EvictionAgent(this.evacuation)
  }

  /** Not of the generation that the cluster began with. */
  get isNew(): boolean {
    return this.generation > 0
  }

  /** Joins the cluster and starts timers. */
  run(): void {
    this.group.join(this)
    this.gauges.start(this.random() * 2000)
    this.#sweepLater()
    this.hooks.onJoin(this)
    const kept = this.group.keptEvacuation(this.podUid)
    if (kept !== undefined) this.evacuation.restore(kept)
  }

  /** No more timers, out of the cluster; sessions in memory are gone with it. */
  halt(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.evacuation.halt()
    // The agents of donors are linked to their coordinator, and a partner that does not answer ends it.
    this.rebalance.end()
    for (const { rebalance } of this.group.running()) if (rebalance.involves(this.name)) rebalance.end()
    this.gauges.stop()
    for (const cancel of this.#timers) cancel()
    this.group.leave(this)
  }

  /** Changes the licence of the whole cluster. */
  relicense(change: (licence: ClusterLicence) => void): void {
    const { hooks, group } = this
    const apply = () => {
      change(group.licence)
      hooks.onLicence(this)
    }
    if (hooks.licenceDelayMs > 0) this.after(hooks.licenceDelayMs, apply)
    else apply()
  }

  #licensedCount(): number {
    const { registry } = this.group
    if (this.version.licenceCounts === 'sessions') return registry.size
    return this.group.running().reduce((sum, { live }) => sum + live.size, 0)
  }

  /** A timer that ends with the node. */
  after(ms: number, run: () => void): void {
    if (this.#stopped) return
    const cancel = this.clock.after(ms, () => {
      this.#timers.delete(cancel)
      run()
    })
    this.#timers.add(cancel)
  }

  /** Sessions that an evacuation counts and moves. */
  *countedSessions(): Generator<Channel> {
    for (const channel of this.channels.values()) {
      if (!channel.dead && isEvacuated(channel, this.version)) yield channel
    }
  }

  /** The rows of the node's clients that its API lists. */
  listedChannels(): Channel[] {
    const own = this.channels
      .values()
      .filter(({ dead }) => !dead)
      .toArray()
    return [...own, ...this.hooks.listedBeside(this)]
  }

  /** Where an evacuation moves sessions now: nodes that run and are not evacuated themselves. */
  sessionRecipients(): NodeCore[] {
    const wanted = this.evacuation.options?.migrateTo ?? [...this.group.members.keys()]
    return wanted.flatMap((name) => {
      const node = this.group.available(name)
      return node === undefined || node === this ? [] : [node]
    })
  }

  removeRowSoon(channel: Channel): void {
    this.#deadRows.push(channel)
    if (this.#deadRows.length > 1) return
    if (this.#stopped) {
      this.#removeRows()
      return
    }
    this.after(ROW_REMOVAL_MS.least + this.random() * ROW_REMOVAL_MS.spread, () => this.#removeRows())
  }

  #removeRows(): void {
    for (const channel of this.#deadRows.splice(0))
      if (this.channels.get(channel.clientId) === channel) this.channels.delete(channel.clientId)
  }

  #sweepLater(): void {
    this.after(SWEEP_MS, () => {
      this.#sweep()
      this.#sweepLater()
    })
  }

  /** Keep-alive, idle and lingering connections, expired sessions, retries: to the second is enough for all of them. */
  #sweep(): void {
    const nowMs = this.clock.now()
    for (const connection of this.connections) connection.overdue(nowMs)
    const { retryMs } = this.version
    for (const channel of this.channels.values()) {
      if (channel.dead) continue
      channel.session.forgetUnreleased(nowMs)
      if (channel.connection !== undefined) {
        if (Number.isFinite(retryMs)) retry(channel, nowMs, retryMs)
      } else if (channel.expiresAtMs <= nowMs) expireSession(channel)
    }
  }
}

function isEvacuated({ cleanStart, expirySeconds }: Channel, { evacuatedSessions }: VersionProfile): boolean {
  if (evacuatedSessions === 'all') return true
  return !cleanStart || (evacuatedSessions === 'with-expiry' && expirySeconds > 0)
}
