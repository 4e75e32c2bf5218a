/** The tightest burst of an event sequence and where it was. Times are nanoseconds. */
export interface Burst {
  /** b*: events more than `ratePerSecond` allows, in the worst of all windows. 0 without events. */
  size: number
  fromT: number
  toT: number
  /** Events in that window. */
  events: number
}

/**
 * b*(r) = sup over s < t of A(s,t] − r·(t−s): an envelope of rate r and burst b holds exactly when b* ≤ b. The supremum
 * lies just before one event and at another, so one pass with the running minimum of A − r·t finds it.
 * Source: arrival curves of network calculus (Le Boudec and Thiran, 1.2). `t` is ascending.
 */
export function tightestBurst(t: ArrayLike<number>, ratePerSecond: number): Burst {
  const rate = ratePerSecond / 1e9
  const found: Burst = { size: 0, fromT: 0, toT: 0, events: 0 }
  let low = Number.POSITIVE_INFINITY
  let lowAt = 0
  const zero = t.length > 0 ? t[0]! : 0
  for (let i = 0; i < t.length; i++) {
    // Relative to the first event: large times would eat the digits of the difference.
    const drained = rate * (t[i]! - zero)
    if (i - drained < low) {
      low = i - drained
      lowAt = i
    }
    const size = i + 1 - drained - low
    if (size > found.size) {
      found.size = size
      found.fromT = t[lowAt]!
      found.toT = t[i]!
      found.events = i + 1 - lowAt
    }
  }
  return found
}
