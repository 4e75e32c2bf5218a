import type { Clock } from '../../runtime/clock.ts'
import type { Channel } from '../session/channel.ts'

/** Of 4.4, in the order of its text. */
const GAUGES_4 = [
  'connections',
  'live_connections',
  'sessions',
  'topics',
  'suboptions',
  'subscribers',
  'subscriptions',
  'subscriptions_shared',
  'routes',
  'retained',
] as const

const GAUGES = [...GAUGES_4, 'channels', 'cluster_sessions', 'durable_subscriptions', 'delayed'] as const

export type GaugeName = (typeof GAUGES)[number]

/** Where faults change what a node reports. */
export interface GaugeHooks {
  /** What the node reports for so many connections. */
  reportedConnections(count: number, node: CountedNode): number
}

/** What the gauges count. */
export interface CountedNode {
  readonly isNew: boolean
  readonly clock: Clock
  readonly version: { readonly liveGauge: boolean }
  readonly channels: ReadonlyMap<string, Channel>
  readonly live: ReadonlyMap<string, Channel>
  readonly group: Record<'topics' | 'registry' | 'retained', { readonly size: number }>
  readonly hooks: GaugeHooks
}

/**
 * `emqx_stats` of one node: tables are counted every 2 s at the node's own phase, and readers see the last count
 * (docs/contract/emqx.md#gauges). `max` is the highest count since the start.
 */
const REFRESH_MS = 2000

export class Gauges {
  readonly #node: CountedNode
  #counts: Record<GaugeName, number> = blank()
  #maxima: Record<GaugeName, number> = blank()
  #cancel: (() => void) | undefined

  constructor(node: CountedNode) {
    this.#node = node
  }

  start(phaseMs: number): void {
    this.#cancel = this.#node.clock.after(phaseMs, () => this.#refresh())
  }

  /** The last counts stay. */
  stop(): void {
    this.#cancel?.()
  }

  /** The last count, and the highest. */
  read(name: GaugeName): { count: number; max: number } {
    return { count: this.#counts[name], max: this.#maxima[name] }
  }

  /** [name, count, max] of 4.4, in the order of its text; live connections only where the release has them. */
  *rows(): Generator<[GaugeName, number, number]> {
    for (const name of GAUGES_4)
      if (name !== 'live_connections' || this.#node.version.liveGauge)
        yield [name, this.#counts[name], this.#maxima[name]]
  }

  #refresh(): void {
    this.#cancel = this.#node.clock.after(REFRESH_MS, () => this.#refresh())
    this.#counts = this.#count()
    for (const name of GAUGES) this.#maxima[name] = Math.max(this.#maxima[name], this.#counts[name])
  }

  #count(): Record<GaugeName, number> {
    const { channels, live, group, hooks } = this.#node
    let subscriptions = 0
    let subscribers = 0
    let shared = 0
    for (const { session, dead } of channels.values()) {
      if (dead || session.subscriptions === undefined || session.subscriptions.size === 0) continue
      subscribers++
      subscriptions += session.subscriptions.size
      for (const { group: sharedGroup } of session.subscriptions.values())
        if (sharedGroup !== undefined) shared++
    }
    return {
      connections: hooks.reportedConnections(channels.size, this.#node),
      live_connections: hooks.reportedConnections(live.size, this.#node),
      sessions: channels.size,
      topics: group.topics.size,
      suboptions: subscriptions,
      subscribers,
      subscriptions,
      subscriptions_shared: shared,
      routes: group.topics.size,
      retained: group.retained.size,
      channels: channels.size,
      cluster_sessions: group.registry.size,
      // The emulation has neither durable sessions nor delayed messages.
      durable_subscriptions: 0,
      delayed: 0,
    }
  }
}

function blank(): Record<GaugeName, number> {
  return Object.fromEntries(GAUGES.map((name) => [name, 0])) as Record<GaugeName, number>
}
