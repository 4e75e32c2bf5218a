import type { Progress } from '#weir/scenarios/index.ts'
import { oneLine } from '../failure.ts'
import type { Output } from '../output.ts'
import { progressLine } from './progress-line.ts'

const PLAIN_EVERY_SECONDS = 5
const ERASE_LINE = '\r\u001b[2K'

/**
 * Shows the progress of a run: one live line on a terminal; in a log a plain line every five seconds and one per step.
 */
export class ProgressDisplay {
  readonly #output: Output
  #live = ''
  #lastPlainSeconds = Number.NEGATIVE_INFINITY
  #phase = ''

  constructor(output: Output) {
    this.#output = output
  }

  update(progress: Progress): void {
    const isNewStep = progress.phase !== this.#phase
    this.#phase = progress.phase
    if (this.#output.live) this.#redraw(progressLine(progress, this.#output.columns - 1))
    else if (isNewStep || progress.elapsedS - this.#lastPlainSeconds >= PLAIN_EVERY_SECONDS) {
      this.#lastPlainSeconds = progress.elapsedS
      this.#output.note(oneLine(progressLine(progress, Number.POSITIVE_INFINITY)))
    }
  }

  /** Prints a line above the live line. */
  note(text: string): void {
    const live = this.#live
    this.clear()
    this.#output.note(oneLine(text))
    if (live) this.#redraw(live)
  }

  /** Erases the live line. */
  clear(): void {
    if (this.#live) this.#output.draw(ERASE_LINE)
    this.#live = ''
  }

  #redraw(line: string): void {
    this.#live = oneLine(line)
    this.#output.draw(ERASE_LINE + this.#live)
  }
}
