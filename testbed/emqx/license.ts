import type { Clock } from '../runtime/clock.ts'

/** The default number of sessions of a licence: more than any fleet. EMQX's evaluation licence has 25. */
export const UNLIMITED_SESSIONS = 10_000_000
/** EMQX counts the cluster's sessions this often, so a quick burst overshoots any limit (docs/contract/emqx.md#licence). */
const COUNT_MS = 5000
/** Keys of more than this many sessions are lenient by a tenth. */
const EXACT_UP_TO = 25

/** The licence of one node: what it was given, and the last count of the cluster's sessions. */
export class License {
  readonly maxSessions: number
  readonly #clock: Clock
  readonly #sessions: () => number
  #counted = 0
  #countedAtMs = Number.NEGATIVE_INFINITY

  /** `sessions` counts those of the cluster, detached ones among them. */
  constructor(maxSessions: number, clock: Clock, sessions: () => number) {
    this.maxSessions = maxSessions
    this.#clock = clock
    this.#sessions = sessions
  }

  /** One more client id is admitted. Call it only for ids without a session. */
  admits(): boolean {
    const nowMs = this.#clock.now()
    if (nowMs - this.#countedAtMs >= COUNT_MS) {
      this.#counted = this.#sessions()
      this.#countedAtMs = nowMs
    }
    const { maxSessions } = this
    const limit = maxSessions > EXACT_UP_TO ? Math.round(maxSessions * 1.1) : maxSessions
    return this.#counted < limit
  }
}
