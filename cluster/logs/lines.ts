import { type LogLine, readLine } from './log-request.ts'

/** What is kept of one line: crash dumps of Erlang fill megabytes. */
const MOST_BYTES = 16 * 1024

/**
 * The lines of a log as its bytes come. A long line is cut, and says by how much; so memory stays bounded, whatever a container prints.
 * A last line without its end is a line too.
 */
export class LineReader {
  #rest: Buffer[] = []
  #bytes = 0
  #cutBytes = 0;

  *take(chunk: Buffer): Generator<LogLine> {
    let from = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.#keep(chunk.subarray(from, end))
      yield this.#line()
      from = end + 1
    }
    this.#keep(chunk.subarray(from))
  }

  *end(): Generator<LogLine> {
    if (this.#bytes > 0) yield this.#line()
  }

  #keep(part: Buffer): void {
    const kept = part.subarray(0, Math.max(0, MOST_BYTES - this.#bytes))
    this.#cutBytes += part.length - kept.length
    this.#bytes += kept.length
    if (kept.length > 0) this.#rest.push(kept)
  }

  #line(): LogLine {
    const whole = this.#rest.length === 1 ? this.#rest[0]! : Buffer.concat(this.#rest)
    const line = readLine(whole.toString('utf8').replace(/\r$/, ''))
    const cutBytes = this.#cutBytes
    this.#rest = []
    this.#bytes = 0
    this.#cutBytes = 0
    return cutBytes > 0 ? { ...line, cutBytes } : line
  }
}
