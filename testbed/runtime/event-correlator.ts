import type { Clock } from './clock.ts'

/** client-go's defaults: tools/record/events_cache.go. */
const SIMILAR_LIMIT = 10
const SIMILAR_WINDOW_MS = 600_000
const SPAM_BURST = 25
const SPAM_REFILL_MS = 300_000

export interface EventText {
  type: 'Normal' | 'Warning'
  reason: string
  message: string
}

/** What to write: a new Event, one more occurrence of a known one, or nothing. */
export type Correlated =
  | { what: 'create'; key: string; message: string }
  | { what: 'count'; key: string; name: string; count: number; message: string }
  | { what: 'drop' }

/**
 * Decides as client-go does which Events reach the API server: the same message again counts up; from the tenth
 * different message of one reason on, one Event stands for all of them ("(combined from similar events): …"); and an
 * object that had 25 Events gets one more every five minutes only.
 */
export class EventCorrelator {
  readonly #clock: Clock
  readonly #similar = new Map<string, { messages: Set<string>; lastMs: number }>()
  readonly #known = new Map<string, { name: string; count: number }>()
  readonly #spam = new Map<string, { tokens: number; lastMs: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `part` is the field of the object that the Event is about. */
  correlate(object: string, event: EventText, part = ''): Correlated {
    const nowMs = this.#clock.now()
    const group = `${object}/${part}/${event.type}/${event.reason}`
    const similar = this.#similar.get(group)
    const messages =
      similar !== undefined && nowMs - similar.lastMs <= SIMILAR_WINDOW_MS
        ? similar.messages
        : new Set<string>()
    messages.add(event.message)
    this.#similar.set(group, { messages, lastMs: nowMs })

    const combined = messages.size >= SIMILAR_LIMIT
    if (combined)
      for (const message of [...messages].slice(0, messages.size - SIMILAR_LIMIT + 1))
        messages.delete(message)
    const key = combined ? group : `${group}/${event.message}`
    const message = combined ? `(combined from similar events): ${event.message}` : event.message

    if (!this.#allowed(object, nowMs)) return { what: 'drop' }
    const known = this.#known.get(key)
    if (known === undefined) return { what: 'create', key, message }
    known.count += 1
    return { what: 'count', key, name: known.name, count: known.count, message }
  }

  /** The Event that now stands for a key. */
  created(key: string, name: string): void {
    this.#known.set(key, { name, count: 1 })
  }

  /** The Event of a key is gone. */
  lost(key: string): void {
    this.#known.delete(key)
  }

  #allowed(object: string, nowMs: number): boolean {
    const bucket = this.#spam.get(object) ?? { tokens: SPAM_BURST, lastMs: nowMs }
    bucket.tokens = Math.min(SPAM_BURST, bucket.tokens + (nowMs - bucket.lastMs) / SPAM_REFILL_MS)
    bucket.lastMs = nowMs
    this.#spam.set(object, bucket)
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }
}
