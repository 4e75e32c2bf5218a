import { CLUSTER_STATES } from '#weir/facts/index.ts'
import type { Progress } from '#weir/scenarios/index.ts'
import { oneLine } from '../failure.ts'
import type { Output } from '../output.ts'
import { fitted, liveLine, timeText } from './live-line.ts'
import { onInterrupt } from './signals.ts'

export interface Watch {
  onProgress(progress: Progress): void
  /** Aborts when the user ends the run. */
  signal: AbortSignal
  /** Erases the live line. */
  clear(): void
}

/** Runs `act`, shows its progress, and handles Ctrl-C; `last` runs at the second one. */
export async function underWatch(
  output: Output,
  last: () => void,
  act: (watch: Watch) => Promise<void>,
): Promise<void> {
  const display = new ProgressDisplay(output)
  const { signal, release } = onInterrupt(
    (name) => display.note(`weir: ${name}: closing and judging the record; press again to end at once`),
    last,
  )
  try {
    await act({
      onProgress: (progress) => display.update(progress),
      signal,
      clear: () => display.clear(),
    })
  } finally {
    display.clear()
    release()
  }
}

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
  #state: Progress['state']

  constructor(output: Output) {
    this.#output = output
  }

  update(progress: Progress): void {
    const isNews = progress.phase !== this.#phase || progress.state !== this.#state
    this.#phase = progress.phase
    this.#state = progress.state
    if (this.#output.live) this.#redraw(liveLine(progress, this.#output.columns - 1))
    else if (isNews || progress.elapsedS - this.#lastPlainSeconds >= PLAIN_EVERY_SECONDS) {
      this.#lastPlainSeconds = progress.elapsedS
      this.#output.progress(oneLine(progressLine(progress, Number.POSITIVE_INFINITY)))
    }
  }

  /** Prints a line above the live line. */
  note(text: string): void {
    const live = this.#live
    this.clear()
    this.#output.note(oneLine(text))
    if (live) this.#redraw(live)
  }

  clear(): void {
    if (this.#live) this.#output.draw(ERASE_LINE)
    this.#live = ''
  }

  #redraw(line: string): void {
    this.#live = oneLine(line)
    this.#output.draw(ERASE_LINE + this.#live)
  }
}

/** The run in one line of a log, of at most `columns` characters, the most important first. */
export function progressLine(progress: Progress, columns: number): string {
  const parts = [
    timeText(progress.elapsedS),
    progress.phase,
    ...(progress.state ? [`${progress.state} ${CLUSTER_STATES[progress.state]}`] : []),
    ...(progress.clients > 0
      ? [
          `${progress.online}/${progress.clients} online`,
          `${Math.round(progress.attemptsPerSecond)} attempts/s`,
        ]
      : []),
  ]
  const { evacuating, message } = progress
  if (evacuating) parts.push(`${evacuating.node} ${evacuating.state} ${evacuating.current}`)
  if (message) parts.push(message)
  return fitted(parts.join('  '), columns, progress)
}
