/** Whole numbers from `from` to `to`, both included. */
export interface Range {
  from: number
  to: number
}

/** Ranges that one account may hold: 4 KiB at most. */
export const MOST_RANGES = 256

/**
 * A set of sequence numbers as sorted ranges in bounded memory; `overflow` is set when something was left out. Appending is
 * O(1).
 */
export class Ranges {
  readonly #from: number[] = []
  readonly #to: number[] = []
  readonly #most: number
  overflow = false

  constructor(most = MOST_RANGES) {
    this.#most = most
  }

  /** Numbers in the set. */
  get size(): number {
    let size = 0
    for (const [i, from] of this.#from.entries()) size += this.#to[i]! - from + 1
    return size
  }

  has(value: number): boolean {
    const i = this.#at(value)
    return i >= 0 && value <= this.#to[i]!
  }

  add(from: number, to = from): void {
    if (to < from) return
    // The ranges first … last that touch the new one become one with it.
    let first = this.#at(from - 1)
    if (first < 0 || this.#to[first]! < from - 1) first++
    const last = this.#at(to + 1)
    if (last < first) {
      if (this.#from.length >= this.#most) this.overflow = true
      else {
        this.#from.splice(first, 0, from)
        this.#to.splice(first, 0, to)
      }
      return
    }
    const start = Math.min(from, this.#from[first]!)
    const end = Math.max(to, this.#to[last]!)
    if (first === last) {
      this.#from[first] = start
      this.#to[first] = end
      return
    }
    this.#from.splice(first, last - first + 1, start)
    this.#to.splice(first, last - first + 1, end)
  }

  /** Takes one number out; false where it was not there. */
  remove(value: number): boolean {
    const i = this.#at(value)
    if (i < 0 || value > this.#to[i]!) return false
    const from = this.#from[i]!
    const to = this.#to[i]!
    if (from === to) {
      this.#from.splice(i, 1)
      this.#to.splice(i, 1)
    } else if (value === from) this.#from[i] = value + 1
    else if (value === to) this.#to[i] = value - 1
    else this.#split(i, value)
    return true
  }

  list(): Range[] {
    return this.#from.map((from, i) => ({ from, to: this.#to[i]! }))
  }

  /** Takes `value` out of the middle of range i. Without room for both halves the smaller one is left out. */
  #split(i: number, value: number): void {
    const from = this.#from[i]!
    const to = this.#to[i]!
    if (this.#from.length < this.#most) {
      this.#to[i] = value - 1
      this.#from.splice(i + 1, 0, value + 1)
      this.#to.splice(i + 1, 0, to)
      return
    }
    this.overflow = true
    if (value - from > to - value) this.#to[i] = value - 1
    else this.#from[i] = value + 1
  }

  /** Index of the last range that begins at or before `value`, or -1. */
  #at(value: number): number {
    let low = 0
    let high = this.#from.length
    if (high > 0 && this.#from[high - 1]! <= value) return high - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#from[middle]! <= value) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}

/** The part of `ranges` that none of `less` covers; both sorted, and free of overlaps within `ranges`. */
export function subtract(ranges: readonly Range[], less: readonly Range[]): Range[] {
  let left: readonly Range[] = ranges
  for (const { from, to } of less) {
    left = left.flatMap((range) => {
      if (to < range.from || from > range.to) return [range]
      const rest: Range[] = []
      if (range.from < from) rest.push({ from: range.from, to: from - 1 })
      if (range.to > to) rest.push({ from: to + 1, to: range.to })
      return rest
    })
  }
  return [...left]
}

export function sizeOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0)
}

export function firstOf(ranges: readonly Range[], most: number): number[] {
  const numbers: number[] = []
  for (const { from, to } of ranges)
    for (let value = from; value <= to; value++) {
      if (numbers.length === most) return numbers
      numbers.push(value)
    }
  return numbers
}
