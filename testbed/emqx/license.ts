import type { Clock } from '../runtime/clock.ts'

/** The default number of sessions of a licence: more than any fleet. EMQX's evaluation licence has 25. */
export const UNLIMITED_SESSIONS = 10_000_000
/** EMQX counts the cluster's sessions this often, so a quick burst overshoots any limit (docs/contract/emqx.md#licence). */
const COUNT_MS = 5000
/** Keys of more than this many sessions are lenient by a tenth. */
const EXACT_UP_TO = 25

/** Where faults change what a node makes of its licence. */
export interface LicenceHooks {
  /** How long a changed licence waits until it holds. */
  readonly licenceDelayMs: number
  /** How many sessions a node admits, of which its licence allows `most`. */
  admittedSessions(most: number): number
}

/** The licence as one node applies it: how much it admits now, and the node's last count of the cluster's sessions. */
export class License {
  readonly #limit: () => number
  readonly #clock: Clock
  readonly #hooks: LicenceHooks
  readonly #sessions: () => number
  #counted = 0
  #countedAtMs = Number.NEGATIVE_INFINITY

  /** `sessions` counts what the release counts of the cluster: sessions, detached ones among them, or connections. */
  constructor(limit: () => number, clock: Clock, hooks: LicenceHooks, sessions: () => number) {
    this.#limit = limit
    this.#clock = clock
    this.#hooks = hooks
    this.#sessions = sessions
  }

  get maxSessions(): number {
    return this.#limit()
  }

  /** One more client id is admitted. Call it only for ids without a session. */
  admits(): boolean {
    const nowMs = this.#clock.now()
    if (nowMs - this.#countedAtMs >= COUNT_MS) {
      this.#counted = this.#sessions()
      this.#countedAtMs = nowMs
    }
    const maxSessions = this.#hooks.admittedSessions(this.maxSessions)
    const limit = maxSessions > EXACT_UP_TO ? Math.round(maxSessions * 1.1) : maxSessions
    return this.#counted < limit
  }
}
