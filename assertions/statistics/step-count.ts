/** How many of something there were over time: a count that steps at the given times (nanoseconds). */
export interface StepCount {
  /** Ascending; `value[i]` holds from `t[i]` until `t[i + 1]`. Before `t[0]` the count is 0. */
  t: Float64Array
  value: Float64Array
}

/** A count that goes up at each of `ups` and down at each of `downs`; both in any order, infinite times are left out. */
export function stepCount(ups: ArrayLike<number>, downs: ArrayLike<number>): StepCount {
  const up = finiteSorted(ups)
  const down = finiteSorted(downs)
  const t = new Float64Array(up.length + down.length)
  const value = new Float64Array(t.length)
  let count = 0
  for (let i = 0, u = 0, d = 0; i < t.length; i++) {
    const isUp = d >= down.length || (u < up.length && up[u]! <= down[d]!)
    t[i] = isUp ? up[u++]! : down[d++]!
    count += isUp ? 1 : -1
    value[i] = count
  }
  return { t, value }
}

/** The least and the most that the count was at any moment of [fromT, toT]. */
export function rangeWithin(count: StepCount, fromT: number, toT: number): { least: number; most: number } {
  let i = lastAtOrBefore(count.t, fromT)
  let least = i < 0 ? 0 : count.value[i]!
  let most = least
  for (i++; i < count.t.length && count.t[i]! <= toT; i++) {
    const value = count.value[i]!
    if (value < least) least = value
    if (value > most) most = value
  }
  return { least, most }
}

/** The most that the count ever was, and when it first was so much. */
export function peakOf(count: StepCount): { value: number; t: number } {
  let at = -1
  for (let i = 0; i < count.t.length; i++) if (at < 0 || count.value[i]! > count.value[at]!) at = i
  return at < 0 ? { value: 0, t: 0 } : { value: count.value[at]!, t: count.t[at]! }
}

/** Index of the last time that is not after `t` among ascending times; -1 when all are. */
export function lastAtOrBefore(times: ArrayLike<number>, t: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! <= t) low = middle + 1
    else high = middle
  }
  return low - 1
}

function finiteSorted(times: ArrayLike<number>): Float64Array {
  return Float64Array.from(times).filter(Number.isFinite).sort()
}
