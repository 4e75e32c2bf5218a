import type { SearchEnd, SearchLimits, SearchResult, Trial, Tried } from './types.ts'

/** Tries at a value that stays inconclusive. */
const MOST_INCONCLUSIVE = 3

/**
 * Finds the largest value that holds, by bisection on a scale of ratios: what holds at a value is taken to hold at every smaller one. One try decides
 * on the way; the two values at the edge are tried again, and a value holds only when no try of it fails. An inconclusive try decides nothing and
 * is made again. `nowSeconds` is a clock; a try that would probably end after the budget is not begun. `onTrial` gets what is known after each try.
 */
export async function searchEdge<T extends Trial>(
  limits: SearchLimits,
  tryAt: (value: number) => Promise<T>,
  nowSeconds: () => number = () => performance.now() / 1000,
  onTrial: (soFar: SearchResult<T>) => void = () => {},
): Promise<SearchResult<T>> {
  const book: Book<T> = new Book<T>(limits, tryAt, nowSeconds, () => onTrial(book.result('stopped')))
  let end: SearchEnd
  try {
    end = await walk(limits, book)
  } catch (error) {
    if (!(error instanceof Ended)) throw error
    end = error.end
  }
  return book.result(end)
}

async function walk<T extends Trial>({ from, to, precision, confirm }: SearchLimits, book: Book<T>) {
  if (!(await book.holds(from, from === to ? confirm : 1))) return 'none-holds'
  if (from === to || (await book.holds(to, confirm))) return 'all-hold'
  for (;;) {
    // From the edge that is known so far: a value that fails when it is tried again moves it down.
    const low = book.largestThatHolds() ?? from
    const high = book.smallestThatFails() ?? to
    const isNarrow = high - low <= Math.max(1, precision * low)
    if (!isNarrow)
      await book.holds(Math.min(high - 1, Math.max(low + 1, Math.round(Math.sqrt(low * high)))), 1)
    else if (!(await book.holds(low, confirm))) {
      if (low === from) return 'none-holds'
    } else {
      await book.repeat(high, confirm)
      return 'found'
    }
  }
}

/** What ends a search from within. */
class Ended extends Error {
  readonly end: SearchEnd

  constructor(end: SearchEnd) {
    super(end)
    this.end = end
  }
}

const isJudged = ({ outcome }: Trial) => outcome !== 'inconclusive'
const failed = ({ trials }: Tried) => trials.some(({ outcome }) => outcome === 'fail')
const passed = (tried: Tried) => !failed(tried) && tried.trials.some(isJudged)

/** What was tried, and the budget. */
class Book<T extends Trial> {
  readonly #tried = new Map<number, Tried<T>>()
  readonly #limits: SearchLimits
  readonly #tryAt: (value: number) => Promise<T>
  readonly #now: () => number
  readonly #onTrial: () => void
  readonly #startSeconds: number
  #count = 0
  #longestSeconds = 0

  constructor(
    limits: SearchLimits,
    tryAt: (value: number) => Promise<T>,
    now: () => number,
    onTrial: () => void,
  ) {
    this.#limits = limits
    this.#tryAt = tryAt
    this.#now = now
    this.#onTrial = onTrial
    this.#startSeconds = now()
  }

  /** Tries the value until it fails once or was judged `times` times. */
  async holds(value: number, times: number): Promise<boolean> {
    while (!failed(this.#of(value)) && this.#judged(value) < times) await this.#tryOnce(value)
    return !failed(this.#of(value))
  }

  /** Tries the value until it was judged `times` times. */
  async repeat(value: number, times: number): Promise<void> {
    while (this.#judged(value) < times) await this.#tryOnce(value)
  }

  largestThatHolds(): number | undefined {
    const edge = this.smallestThatFails() ?? Number.POSITIVE_INFINITY
    return this.#sorted().findLast((one) => one.value < edge && passed(one))?.value
  }

  smallestThatFails(): number | undefined {
    return this.#sorted().find(failed)?.value
  }

  result(end: SearchEnd): SearchResult<T> {
    const [holds, fails] = [this.largestThatHolds(), this.smallestThatFails()]
    return {
      end,
      ...(holds !== undefined && { holds }),
      ...(fails !== undefined && { fails }),
      tried: this.#sorted(),
      seconds: this.#now() - this.#startSeconds,
    }
  }

  async #tryOnce(value: number): Promise<void> {
    const { mostTrials, mostSeconds } = this.#limits
    const startedAt = this.#now()
    const wouldEnd = startedAt - this.#startSeconds + this.#longestSeconds
    if (this.#count >= mostTrials || wouldEnd > mostSeconds) throw new Ended('budget')
    this.#count++
    const trial = await this.#tryAt(value)
    this.#longestSeconds = Math.max(this.#longestSeconds, this.#now() - startedAt)
    const { trials } = this.#of(value)
    trials.push(trial)
    this.#onTrial()
    if (trials.slice(-MOST_INCONCLUSIVE).filter((one) => !isJudged(one)).length === MOST_INCONCLUSIVE)
      throw new Ended('inconclusive')
  }

  #of(value: number): Tried<T> {
    const known = this.#tried.get(value) ?? { value, trials: [] }
    this.#tried.set(value, known)
    return known
  }

  #judged(value: number): number {
    return this.#of(value).trials.filter(isJudged).length
  }

  #sorted(): Tried<T>[] {
    return [...this.#tried.values()]
      .filter(({ trials }) => trials.length > 0)
      .sort((a, b) => a.value - b.value)
  }
}
