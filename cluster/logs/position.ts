import type { LogLine } from './log-request.ts'

/**
 * How far a log was read. A log is resumed by time, in whole seconds, so it begins again with lines that are known: those of the last
 * second, in the same order. They are skipped; where they are not there, lines before may be missing as well.
 */
export class LogPosition {
  #lastMs = Number.NEGATIVE_INFINITY
  #lastAt = ''
  /** Lines of the last second. */
  #known: string[] = []
  #expected: string[] = []
  #isSetBack = false

  /** From when on a resumed request must ask; undefined before the first line. */
  get since(): Date | undefined {
    return Number.isFinite(this.#lastMs) ? new Date(Math.floor(this.#lastMs / 1000) * 1000) : undefined
  }

  /** The node's clock was set back while lines came: what it stamped then is before what a resumed request asks for. */
  get isSetBack(): boolean {
    return this.#isSetBack
  }

  /** The next lines are those of a request from `since` on. */
  resume(): void {
    this.#expected = [...this.#known]
    this.#isSetBack = false
  }

  /** The next lines are those of another run of the container: none of them is known. */
  restart(): void {
    this.#expected = []
  }

  /** Whether a line is new, known, or comes where a known one was expected. */
  take({ at, text }: LogLine): 'new' | 'known' | 'unexpected' {
    const key = `${at} ${text}`
    const [expected] = this.#expected
    if (key === expected) {
      this.#expected.shift()
      return 'known'
    }
    this.#expected = []
    this.#remember(at, key)
    return expected === undefined ? 'new' : 'unexpected'
  }

  #remember(at: string, key: string): void {
    // Most lines follow another within the same second: times written alike are in order as texts, and need no date.
    if (at.length === this.#lastAt.length && at > this.#lastAt && isSameSecond(at, this.#lastAt)) {
      this.#lastAt = at
      this.#known.push(key)
      return
    }
    const ms = Date.parse(at)
    if (Number.isNaN(ms)) return
    if (ms < this.#lastMs) this.#isSetBack = true
    const isLater = Math.floor(ms / 1000) > Math.floor(this.#lastMs / 1000)
    if (isLater) this.#known = []
    this.#known.push(key)
    if (ms >= this.#lastMs) this.#lastAt = at
    this.#lastMs = Math.max(this.#lastMs, ms)
  }
}

const TO_SECOND = 'YYYY-MM-DDTHH:MM:SS'.length

const isSameSecond = (a: string, b: string) =>
  a.slice(0, TO_SECOND) === b.slice(0, TO_SECOND) && a.at(-1) === b.at(-1)
