import type { FleetCounters, FleetHealth } from '../types.ts'
import type { ConnTally, Latency } from './tally.ts'

/** One line on how a fleet stands now. */
export function progressLine(clients: number, counters: FleetCounters, elapsedMs: number): string {
  const troubles = [
    ['refused', counters.refused],
    ['failed', counters.failed],
    ['disconnected', counters.disconnected],
    ['gave up', counters.gaveUp],
  ]
    .filter(([, count]) => count !== 0)
    .map(([word, count]) => `, ${count} ${word}`)
  return `${(elapsedMs / 1000).toFixed(0)} s: ${counters.online} of ${clients} clients online, ${counters.attempts} attempts, ${counters.inFlight} in flight${troubles.join('')}`
}

/** What `weir bench conn` says at its end. `online` is how many clients were connected just before they were told to leave. */
export function summary(
  clients: number,
  online: number,
  counters: FleetCounters,
  tally: ConnTally,
  health: FleetHealth,
): string[] {
  const lines = [
    `clients       ${clients}: ${tally.everConnected} connected at least once, ${online} online at the end, ${counters.gaveUp} gave up`,
    `attempts      ${counters.attempts}: ${counters.connected} accepted, ${counters.refused} refused, ${counters.failed} failed`,
    `disconnected  ${counters.disconnected}`,
    ...[...tally.endings]
      .sort(([, a], [, b]) => b - a)
      .map(([words, count]) => `              ${count} × ${words}`),
    latencyLine('first CONNACK', tally.fromPlan, 'after the planned instant'),
    latencyLine('every CONNACK', tally.fromAttempt, 'after its attempt began'),
    `generator     event loop late by ${milliseconds(health.loopDelayP99Ms)} (p99), ${milliseconds(health.loopDelayMaxMs)} (max); attempts late by ${milliseconds(health.scheduleLagP99Ms)} (p99)`,
  ]
  if (counters.droppedEvents > 0)
    lines.push(`INCOMPLETE    ${counters.droppedEvents} events were dropped: the figures above miss them`)
  return lines
}

function latencyLine(what: string, latency: Latency, since: string): string {
  if (latency.count === 0) return `${what} none`
  const { p50Ms, p90Ms, p99Ms, maxMs } = latency
  return `${what} p50 ${milliseconds(p50Ms)}, p90 ${milliseconds(p90Ms)}, p99 ${milliseconds(p99Ms)}, max ${milliseconds(maxMs)} ${since}`
}

function milliseconds(value: number): string {
  return value >= 100 ? `${value.toFixed(0)} ms` : `${value.toPrecision(2)} ms`
}
