/** Where a command writes; the command line's own output fits. */
export interface ConnOutput {
  /** A result. */
  print(text: string): void
  /** Progress, as a line. */
  note(text: string): void
  /** Progress, exactly these characters. */
  draw(text: string): void
  /** The progress is read on a terminal, so a line may be redrawn. */
  live: boolean
  columns: number
}

const LIVE_EVERY_MS = 250
const PLAIN_EVERY_MS = 5000
const CLEAR_LINE = '\r\x1b[K'

/** Keeps one line up to date on a terminal; writes a plain line every few seconds elsewhere. */
export class Progress {
  readonly #output: ConnOutput
  readonly #timer: NodeJS.Timeout

  constructor(output: ConnOutput, line: () => string) {
    this.#output = output
    const show = output.live
      ? () => output.draw(CLEAR_LINE + line().slice(0, output.columns - 1))
      : () => output.note(line())
    this.#timer = setInterval(show, output.live ? LIVE_EVERY_MS : PLAIN_EVERY_MS)
  }

  /** Writes a line that stays. */
  say(text: string): void {
    if (this.#output.live) this.#output.draw(CLEAR_LINE)
    this.#output.note(text)
  }

  end(): void {
    clearInterval(this.#timer)
    if (this.#output.live) this.#output.draw(CLEAR_LINE)
  }
}
