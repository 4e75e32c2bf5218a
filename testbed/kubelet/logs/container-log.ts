/** What a container printed, as its runtime keeps it. */
export interface LogLine {
  /** When the runtime got it, Unix milliseconds. */
  atMs: number
  text: string
}

/** A real kubelet rotates a log at 10 MiB, and what is older can no longer be read in full. */
const MOST_BYTES = 10 * 1024 * 1024

/** The log of one run of a container: from its start to its end. The oldest lines make room for new ones. */
export class ContainerLog {
  readonly #now: () => number
  readonly #followers = new Set<Follower>()
  #lines: LogLine[] = []
  #bytes = 0
  #isEnded = false

  /** `now`: the node's clock, Unix milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** One line, without its line end. */
  readonly print = (text: string): void => {
    if (this.#isEnded) return
    const line = { atMs: this.#now(), text }
    this.#lines.push(line)
    this.#bytes += text.length
    if (this.#bytes > MOST_BYTES) this.#rotate()
    for (const { onLine } of this.#followers) onLine(line)
  }

  #rotate(): void {
    const kept = this.#lines.slice(this.#lines.length >> 1)
    this.#lines = kept
    this.#bytes = kept.reduce((sum, { text }) => sum + text.length, 0)
  }

  get lines(): readonly LogLine[] {
    return this.#lines
  }

  get isEnded(): boolean {
    return this.#isEnded
  }

  /** The container has ended: those who follow have everything. */
  end(): void {
    this.#isEnded = true
    for (const { onEnd } of this.#followers) onEnd()
    this.#followers.clear()
  }

  /** Lines that come from now on. The returned function stops. */
  follow(follower: Follower): () => void {
    this.#followers.add(follower)
    return () => void this.#followers.delete(follower)
  }
}

interface Follower {
  onLine(line: LogLine): void
  onEnd(): void
}
