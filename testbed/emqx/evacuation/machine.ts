import type { Clock } from '../../runtime/clock.ts'
import type { LogEvent } from '../log/emqx-log.ts'
import { evacuationLines as lines } from '../log/lines.ts'
import type { EvacuationOptions } from './options.ts'

/** waiting_health_check: EMQX 5 alone. */
export type EvacuationState =
  | 'disabled'
  | 'waiting_health_check'
  | 'evicting_conns'
  | 'waiting_takeover'
  | 'evicting_sessions'
  | 'prohibiting'

/** Where faults change the course of an evacuation. */
export interface EvacuationHooks {
  /** How many clients a tick evicts, of so many that are connected. */
  evictedPerTick(rate: number, live: number): number
  readonly tickMs: number
  readonly waitsForHealthCheck: boolean
  readonly waitsForTakeover: boolean
  /** What the node's log tells of a tick that found so many connected. */
  loggedTick(count: number, rate: number): { count: number; rate: number }
  /** Sessions are never moved. `isFirst`: no other node of the cluster was evacuated before. */
  keepsSessions(isFirst: boolean): boolean
}

/** What the machine empties. */
export interface Evacuee {
  liveConnections(): number
  /** Sessions that count for an evacuation (4.4: those opened with clean_start=false). */
  sessions(): number
  /** Disconnects up to `count` clients, then calls `done`. */
  evictConnections(count: number, done: () => void): void
  /** Moves up to `count` sessions to available nodes, and returns those; empty when there is none. */
  evictSessions(count: number, options: EvacuationOptions): readonly string[]
  onStart(): void
  /** Keeps what was asked for where the node finds it when it begins anew; undefined when it was taken back. */
  keep(options: EvacuationOptions | undefined): void
  log(event: LogEvent): void
}

/** The retry when no recipient is available. */
const NO_RECIPIENT_MS = 30_000

/**
 * The evacuation of one node (docs/contract/emqx.md#evacuation-states): the wait for health checks, then a burst of at most
 * the rate once a second. A tick is armed after the work of the one before it. `prohibiting` lasts until stop().
 */
export class Evacuation {
  readonly #evacuee: Evacuee
  readonly #clock: Clock
  readonly #hooks: EvacuationHooks
  #state: EvacuationState = 'disabled'
  #options: EvacuationOptions | undefined
  #stuck = false
  #cancel: (() => void) | undefined
  /** Counts stops, so that work begun before a stop does not arm another tick. */
  #run = 0
  initialConnections = 0
  initialSessions = 0
  currentConnections = 0
  currentSessions = 0

  constructor(evacuee: Evacuee, clock: Clock, hooks: EvacuationHooks) {
    this.#evacuee = evacuee
    this.#clock = clock
    this.#hooks = hooks
  }

  get state(): EvacuationState {
    return this.#state
  }

  /** The eviction agent's flag: the node calls itself not available. */
  get enabled(): boolean {
    return this.#state !== 'disabled'
  }

  /** New clients are refused: not yet while the node waits for health checks to notice. */
  get refuses(): boolean {
    return this.#state !== 'disabled' && this.#state !== 'waiting_health_check'
  }

  get options(): EvacuationOptions | undefined {
    return this.#options
  }

  get serverReference(): string | undefined {
    return this.#options?.serverReference
  }

  /** `isFirst`: no other node of the cluster was evacuated before. */
  start(options: EvacuationOptions, isFirst: boolean): 'ok' | 'already_started' {
    if (this.enabled) return 'already_started'
    this.#options = options
    this.#stuck = this.#hooks.keepsSessions(isFirst)
    this.initialConnections = this.currentConnections = this.#evacuee.liveConnections()
    this.initialSessions = this.currentSessions = this.#evacuee.sessions()
    this.#evacuee.onStart()
    this.#evacuee.keep(options)
    this.#evacuee.log(lines.started(options))
    const wait = this.#hooks.waitsForHealthCheck ? options.waitHealthCheckSeconds : undefined
    if (wait === undefined) this.#enter('evicting_conns', 0)
    else this.#enter('waiting_health_check', wait * 1000)
    return 'ok'
  }

  /** A node that begins anew goes on with the evacuation that its data tells of, without the wait for health checks. */
  restore(options: EvacuationOptions): void {
    this.#options = options
    this.#enter('evicting_conns', 0)
  }

  stop(): 'ok' | 'not_started' {
    if (!this.enabled) return 'not_started'
    this.halt()
    this.#state = 'disabled'
    this.#options = undefined
    this.#evacuee.keep(undefined)
    this.#evacuee.log(lines.stopped())
    return 'ok'
  }

  /** No more ticks; the state stays. For a node that is being terminated. */
  halt(): void {
    this.#run++
    this.#cancel?.()
    this.#cancel = undefined
  }

  #enter(state: EvacuationState, firstTickMs: number): void {
    this.#state = state
    this.#arm(firstTickMs)
  }

  #arm(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => this.#tick())
  }

  #tick(): void {
    const options = this.#options!
    switch (this.#state) {
      case 'waiting_health_check':
        this.#enter('evicting_conns', 0)
        return
      case 'evicting_conns':
        this.#evictConnections(options)
        return
      case 'waiting_takeover':
        this.#evacuee.log(lines.takeoverWaited())
        this.#enter('evicting_sessions', 0)
        return
      case 'evicting_sessions':
        this.#evictSessions(options)
        return
    }
  }

  #evictConnections(options: EvacuationOptions): void {
    const live = this.#evacuee.liveConnections()
    // Before this tick's evictions.
    this.currentConnections = live
    if (live === 0) {
      this.#evacuee.log(lines.connectionsGone())
      if (this.#hooks.waitsForTakeover) this.#enter('waiting_takeover', options.waitTakeoverSeconds * 1000)
      else this.#enter('evicting_sessions', 0)
      return
    }
    const run = this.#run
    this.#evacuee.evictConnections(this.#hooks.evictedPerTick(options.connEvictRate, live), () => {
      if (run === this.#run) this.#arm(this.#hooks.tickMs)
    })
    const { count, rate } = this.#hooks.loggedTick(live, options.connEvictRate)
    this.#evacuee.log(lines.evictConnections(count, rate))
  }

  #evictSessions(options: EvacuationOptions): void {
    const sessions = this.#evacuee.sessions()
    if (this.#stuck) {
      this.currentSessions = Math.max(1, sessions)
      this.#arm(this.#hooks.tickMs)
      return
    }
    this.currentSessions = sessions
    if (sessions === 0) {
      this.#evacuee.log(lines.sessionsGone())
      this.#state = 'prohibiting'
      return
    }
    const targets = this.#evacuee.evictSessions(options.sessEvictRate, options)
    const isMoved = targets.length > 0
    this.#evacuee.log(
      isMoved ? lines.evictSessions(sessions, options.sessEvictRate, targets) : lines.noTargets(sessions),
    )
    this.#arm(isMoved ? 1000 : NO_RECIPIENT_MS)
  }
}
