import type { FleetCounters } from '../types.ts'
import type { BenchCommand } from './flags.ts'

/** Where a command writes; the command line's own output fits. */
export interface BenchOutput {
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

/** What shows the progress of a run until its end. */
export interface Progress {
  /** Prints an event on a separate line. */
  note(text: string): void
  end(): void
}

const LIVE_EVERY_MS = 250
const PLAIN_EVERY_MS = 5000
const VERBOSE_EVERY_MS = 1000
const CLEAR_LINE = '\r\x1b[K'

/** One line that is kept up to date on a terminal. */
export function liveProgress(output: BenchOutput, line: () => string): Progress {
  const show = () => output.draw(CLEAR_LINE + line().slice(0, output.columns - 1))
  const timer = setInterval(show, LIVE_EVERY_MS)
  return {
    note(text) {
      output.draw(CLEAR_LINE)
      output.note(text)
    },
    end() {
      clearInterval(timer)
      output.draw(CLEAR_LINE)
    },
  }
}

/** A line every few seconds for logs; every second with `-v`. */
export function plainProgress(output: BenchOutput, line: () => string, verbose: boolean): Progress {
  const timer = setInterval(() => output.note(line()), verbose ? VERBOSE_EVERY_MS : PLAIN_EVERY_MS)
  return { note: (text) => output.note(text), end: () => clearInterval(timer) }
}

/** `--json`: a line on stdout every second and nothing else, so that what is piped on is JSON throughout. */
export function jsonProgress(output: BenchOutput, line: () => string): Progress {
  const timer = setInterval(() => output.print(line()), VERBOSE_EVERY_MS)
  return { note: () => undefined, end: () => clearInterval(timer) }
}

/** How a fleet stands at one moment: what the live line, `--json` and `--prometheus` show. */
export interface Snapshot {
  command: BenchCommand
  /** Requested clients. */
  clients: number
  elapsedMs: number
  counters: FleetCounters
}

/** Messages per second between two snapshots. */
export class RateMeter {
  #last = { elapsedMs: 0, published: 0, received: 0 }

  read({ elapsedMs, counters }: Snapshot): { published: number; received: number } {
    const { published, received } = counters
    const seconds = (elapsedMs - this.#last.elapsedMs) / 1000
    const perSecond = (now: number, then: number) => (seconds > 0 ? (now - then) / seconds : 0)
    const rates = {
      published: perSecond(published, this.#last.published),
      received: perSecond(received, this.#last.received),
    }
    this.#last = { elapsedMs, published, received }
    return rates
  }
}

/** One line on how a fleet stands now. */
export function progressLine(snapshot: Snapshot, meter: RateMeter): string {
  const { clients, elapsedMs, counters } = snapshot
  const troubles = [
    ['refused', counters.refused],
    ['failed', counters.failed],
    ['disconnected', counters.disconnected],
    ['gave up', counters.gaveUp],
    ['subscriptions refused', counters.subscribesRefused],
  ]
    .filter(([, count]) => count !== 0)
    .map(([word, count]) => `, ${count} ${word}`)
    .join('')
  return `${(elapsedMs / 1000).toFixed(0)} s: ${counters.online} of ${clients} clients online, ${counters.attempts} attempts, ${counters.inFlight} in flight${traffic(snapshot, meter)}${troubles}`
}

function traffic(snapshot: Snapshot, meter: RateMeter): string {
  const { command, counters } = snapshot
  if (command === 'conn') return ''
  const rates = meter.read(snapshot)
  if (command === 'sub')
    return `, ${counters.subscribed} subscribed; ${counters.received} received (${rates.received.toFixed(0)}/s)`
  return `; ${counters.published} published (${rates.published.toFixed(0)}/s), ${counters.acknowledged} acknowledged`
}
