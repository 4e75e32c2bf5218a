import { framed } from '../wire.ts'

/** One answer is not larger than this, unless a single message is. */
const MOST_BYTES = 4 << 20
/** Messages gather for this long, so that the owner asks a few times a second and not for each. */
const GATHER_MS = 250

interface Kept {
  bytes: Buffer
  sent: () => void
  /** When it came here. */
  atMs: number
}

export interface OutboxAnswer {
  body: Buffer
  /** Number of the last message in it. */
  last: number
  /** How long the first message that found no room in it has waited; 0 when it has all that there is. */
  waitedMs: number
}

/** Messages to the owner of the fleet, kept until it has them: it asks for those after the last that it has got. */
export class Outbox {
  readonly #kept: Kept[] = []
  /** Number of the first one that is kept; the very first is 1. */
  #first = 1
  #answeredMs = Number.NEGATIVE_INFINITY
  #wake: () => void = () => undefined
  #isAbandoned = false

  /** `sent` is called when the owner has it. */
  push(bytes: Buffer, sent: () => void = () => undefined): void {
    if (this.#isAbandoned) sent()
    else this.#kept.push({ bytes, sent, atMs: performance.now() })
    this.#wake()
  }

  /** The owner is gone: nothing is kept for it any more. */
  abandon(): void {
    this.#isAbandoned = true
    for (const { sent } of this.#kept.splice(0)) sent()
  }

  get isEmpty(): boolean {
    return this.#kept.length === 0
  }

  /** The messages after `last`, which the owner has with all before it; waits at most `limitMs` for one. */
  async after(last: number, limitMs: number): Promise<OutboxAnswer> {
    while (this.#first <= last && this.#kept.length > 0) {
      this.#first++
      this.#kept.shift()!.sent()
    }
    const gatherMs = this.#answeredMs + GATHER_MS - performance.now()
    if (gatherMs > 0) await new Promise((resolve) => setTimeout(resolve, gatherMs))
    if (this.#kept.length === 0) await this.#arrival(limitMs)
    this.#answeredMs = performance.now()
    const parts: Buffer[] = []
    let bytes = 0
    for (const { bytes: message } of this.#kept) {
      if (parts.length > 0 && bytes + message.length > MOST_BYTES) break
      parts.push(framed(message))
      bytes += message.length
    }
    const waiting = this.#kept[parts.length]
    return {
      body: Buffer.concat(parts),
      last: this.#first + parts.length - 1,
      waitedMs: waiting ? performance.now() - waiting.atMs : 0,
    }
  }

  #arrival(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
