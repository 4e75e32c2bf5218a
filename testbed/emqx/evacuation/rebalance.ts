import type { Clock } from '../../runtime/clock.ts'
import type { Rebalancing } from './agent.ts'
import type { RebalanceOptions } from './rebalance-options.ts'
import type { Partner, RebalanceHooks } from './rebalance-partner.ts'
import { isWithin, mean } from './thresholds.ts'

export type RebalanceState =
  | 'disabled'
  | 'wait_health_check'
  | 'evicting_conns'
  | 'wait_takeover'
  | 'evicting_sessions'

/** How many a donor had at the start. */
export interface Initial {
  connections: number
  sessions: number
}

const IDLE = { donors: [] as readonly Partner[], recipients: [] as readonly Partner[] }

/**
 * A rebalance as its coordinator conducts it (docs/contract/emqx.md#rebalance). Nodes with at least the mean of live connections are donors.
 * Once a second each donor above the recipients' mean evicts, until both sides are within the thresholds; then sessions whose client is away
 * follow by the same rule, and the donors are as any other node.
 */
export class Rebalance implements Rebalancing {
  readonly coordinator: string
  readonly #clock: Clock
  readonly #hooks: RebalanceHooks
  #state: RebalanceState = 'disabled'
  #options: RebalanceOptions | undefined
  #sides = IDLE
  #ticks = 0
  #cancel: (() => void) | undefined
  /** Counts ends, so that work begun before one does not arm another tick. */
  #run = 0
  readonly initial = new Map<string, Initial>()
  /** Means of both sides, as the last tick that evicted found them. */
  connections: { donors: number; recipients: number } | undefined
  disconnected: { donors: number; recipients: number } | undefined

  constructor(coordinator: string, clock: Clock, hooks: RebalanceHooks) {
    this.coordinator = coordinator
    this.#clock = clock
    this.#hooks = hooks
  }

  get state(): RebalanceState {
    return this.#state
  }

  get enabled(): boolean {
    return this.#state !== 'disabled'
  }

  /** Releases without this admission refuse from the start (docs/contract/emqx.md#rebalance). */
  get refuses(): boolean {
    return (
      this.enabled && (this.#state !== 'wait_health_check' || this.#options?.admitsWhileWaiting === false)
    )
  }

  get options(): RebalanceOptions | undefined {
    return this.#options
  }

  get donors(): string[] {
    return this.#sides.donors.map(({ name }) => name)
  }

  get recipients(): string[] {
    return this.#sides.recipients.map(({ name }) => name)
  }

  start(
    options: RebalanceOptions,
    partners: readonly Partner[],
  ): 'ok' | 'already_started' | 'nothing_to_balance' | 'eviction_agent_busy' {
    if (this.enabled) return 'already_started'
    const average = mean(partners.map((one) => one.liveConnections()))
    const { donors = [], recipients = [] } = Object.groupBy(partners, (one) =>
      one.liveConnections() >= average ? 'donors' : 'recipients',
    )
    if (donors.length === 0 || recipients.length === 0) return 'nothing_to_balance'
    this.#sides = { donors, recipients }
    if (
      this.#isWithin('liveConnections', options.connections) &&
      this.#isWithin('sessions', options.sessions)
    ) {
      this.#sides = IDLE
      return 'nothing_to_balance'
    }
    if (donors.some((one) => one.isBusy())) {
      this.#sides = IDLE
      return 'eviction_agent_busy'
    }
    this.#options = options
    this.#ticks = 0
    for (const one of donors) {
      one.serve(this)
      this.initial.set(one.name, { connections: one.liveConnections(), sessions: one.sessions() })
    }
    this.#enter('wait_health_check', options.waitHealthCheckSeconds * 1000)
    return 'ok'
  }

  stop(): 'ok' | 'not_started' {
    if (!this.enabled) return 'not_started'
    this.end()
    return 'ok'
  }

  /** Whether this node gives or takes. */
  involves(name: string): boolean {
    return [...this.donors, ...this.recipients].includes(name)
  }

  /** The donors are as any other node: it is over, was stopped, or the coordinator or a partner is gone. */
  end(): void {
    this.#run++
    this.#cancel?.()
    for (const donor of this.#sides.donors) donor.release(this)
    this.#state = 'disabled'
    this.#options = undefined
    this.#sides = IDLE
    this.initial.clear()
    this.connections = undefined
    this.disconnected = undefined
  }

  #enter(state: RebalanceState, firstTickMs: number): void {
    this.#state = state
    this.#arm(firstTickMs)
  }

  #arm(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => this.#tick())
  }

  #tick(): void {
    const options = this.#options!
    switch (this.#state) {
      case 'wait_health_check':
        this.#enter('evicting_conns', 0)
        return
      case 'evicting_conns':
        this.#evictConnections(options)
        return
      case 'wait_takeover':
        this.#enter('evicting_sessions', 0)
        return
      case 'evicting_sessions':
        this.#evictSessions(options)
    }
  }

  #evictConnections(options: RebalanceOptions): void {
    const isBalanced = this.#isWithin('liveConnections', options.connections)
    if (this.#hooks.endsEvicting(isBalanced, this.#ticks)) {
      this.#enter('wait_takeover', options.waitTakeoverSeconds * 1000)
      return
    }
    this.#ticks++
    const means = this.#means('liveConnections')
    this.connections = means
    const above = this.#sides.donors.filter((one) => one.liveConnections() > means.recipients)
    const evicted = this.#hooks.evictedFrom(above, this.#sides.recipients)
    const run = this.#run
    let left = evicted.length
    const done = () => {
      if (--left <= 0 && run === this.#run) this.#arm(this.#hooks.tickMs)
    }
    if (evicted.length === 0) done()
    for (const one of evicted) one.evictConnections(options.connEvictRate, done)
  }

  #evictSessions(options: RebalanceOptions): void {
    if (this.#isWithin('disconnectedSessions', options.sessions)) {
      this.end()
      return
    }
    const means = this.#means('disconnectedSessions')
    this.disconnected = means
    for (const one of this.#sides.donors)
      if (one.disconnectedSessions() > means.recipients)
        one.evictSessions(options.sessEvictRate, this.recipients)
    this.#arm(this.#hooks.tickMs)
  }

  #means(count: Count): { donors: number; recipients: number } {
    const of = (side: readonly Partner[]) => mean(side.map((one) => one[count]()))
    return { donors: of(this.#sides.donors), recipients: of(this.#sides.recipients) }
  }

  #isWithin(count: Count, thresholds: RebalanceOptions['connections']): boolean {
    const { donors, recipients } = this.#means(count)
    return isWithin(donors, recipients, thresholds)
  }
}

type Count = 'liveConnections' | 'sessions' | 'disconnectedSessions'
