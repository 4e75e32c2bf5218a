import type { RateMeter, Snapshot } from './snapshot.ts'

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
