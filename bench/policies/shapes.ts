import type { ClientEventReason } from '#weir/facts/index.ts'
import type { NextWait, Random, Wait } from './policy.ts'

export type Jitter = 'none' | 'full' | 'equal' | 'decorrelated' | { plusMinus: number }

/** The same wait every time. */
export function fixed(waitMs: number): NextWait {
  return () => waitMs
}

export interface ExponentialShape {
  baseMs: number
  /** Default: 120,000, what most client libraries stop at. */
  capMs?: number
  factor?: number
  jitter?: Jitter
}

const DEFAULT_CAP_MS = 120_000

/**
 * base × factor^(attempt−1) up to the cap, then jittered: `full`, `equal` and `decorrelated` as in "Exponential Backoff And
 * Jitter" (AWS Architecture Blog, 2015); `plusMinus` 0.25 is ±25 % and may pass the cap, as in hivemq-java.
 */
export function exponential(shape: ExponentialShape): NextWait {
  const { baseMs, capMs = DEFAULT_CAP_MS, factor = 2, jitter = 'none' } = shape
  return (attempt, lastWaitMs, random) => {
    if (jitter === 'decorrelated')
      return decorrelated(baseMs, capMs, attempt === 1 ? baseMs : lastWaitMs, random)
    const plainMs = Math.min(capMs, baseMs * factor ** (attempt - 1))
    return jittered(plainMs, jitter, random)
  }
}

/** Spreads one wait; `decorrelated` has no meaning for a single wait and is handled above. */
export function jittered(waitMs: number, jitter: Exclude<Jitter, 'decorrelated'>, random: Random): number {
  if (jitter === 'none') return waitMs
  if (jitter === 'full') return waitMs * random()
  if (jitter === 'equal') return waitMs / 2 + (waitMs / 2) * random()
  return Math.max(0, waitMs * (1 + jitter.plusMinus * (2 * random() - 1)))
}

function decorrelated(baseMs: number, capMs: number, lastWaitMs: number, random: Random): number {
  const ceilingMs = Math.max(baseMs, lastWaitMs * 3)
  return Math.min(capMs, baseMs + (ceilingMs - baseMs) * random())
}

/** Gives up after `tries` attempts in a row without an accepted connection. */
export function limited(nextWait: NextWait, tries: number): NextWait {
  return (attempt, lastWaitMs, random, loss): Wait =>
    attempt > tries ? 'stop' : nextWait(attempt, lastWaitMs, random, loss)
}

/** Gives up at once where the reason of the loss is one that ends such a client. */
export function unless(ends: (reason: ClientEventReason) => boolean, nextWait: NextWait): NextWait {
  return (attempt, lastWaitMs, random, loss): Wait =>
    loss && ends(loss.reason) ? 'stop' : nextWait(attempt, lastWaitMs, random, loss)
}
