import type { FleetCounters } from '../types.ts'
import type { BenchCommand } from './flags.ts'

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
