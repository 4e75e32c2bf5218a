import type { Loss, NextWait } from './policy.ts'

/** What paho.mqtt.golang notes of each of its two situations: when it met it last, and how long it slept then. */
export const PAHO_GO_NOTES = 4
const LOST = 0
const FAILED = 2

const FIRST_MS = 1000
const LONGEST_MS = 600_000
/** How long it reckons that a connection may take to be lost again, and an attempt to fail: its connect time-out. */
const LOST_AGAIN_MS = 3000
const FAILS_WITHIN_MS = 30_000

/**
 * paho.mqtt.golang 1.5.1 (client.go, backoff.go): a lost connection is retried at once, a failed attempt after 1 s,
 * doubling up to 10 min. Either keeps doubling when the same happens again within twice its expected time plus the last
 * sleep: a connection lost again within 6 s waits 1 s, 2 s, 4 s, …
 */
export const pahoGo: NextWait = (attempt, lastWaitMs, _random, loss) => {
  if (!loss) return attempt === 1 ? 0 : Math.min(LONGEST_MS, lastWaitMs * 2 || FIRST_MS)
  const lost = loss.connectedMs >= 0
  return lost ? sleepMs(loss, LOST, LOST_AGAIN_MS, 0) : sleepMs(loss, FAILED, FAILS_WITHIN_MS, FIRST_MS)
}

/** `firstMs` when this has not happened for a while; else twice the last sleep. */
function sleepMs({ atMs, notes }: Loss, situation: number, withinMs: number, firstMs: number): number {
  // An instant of 0 says that it never happened: instants are noted one later.
  const lastAtMs = notes[situation]! - 1
  const lastSleepMs = notes[situation + 1]!
  const again = lastAtMs >= 0 && atMs - lastAtMs <= 2 * withinMs + lastSleepMs
  const nextMs = again ? Math.min(LONGEST_MS, lastSleepMs * 2 || FIRST_MS) : firstMs
  notes[situation] = atMs + 1
  notes[situation + 1] = nextMs
  return nextMs
}
