import { breachesInWords } from './breaches.ts'
import { endingWords, whoseFault } from './endings.ts'
import type { RateMeter, Snapshot } from './progress.ts'
import type { BenchResult } from './result.ts'

/** The lines of `--json`: one object per line with a `type`. Fields may be added but are never renamed (docs/bench.md). */
export function progressJson(snapshot: Snapshot, meter: RateMeter): string {
  const { command, clients, elapsedMs, counters } = snapshot
  const rates = meter.read(snapshot)
  return JSON.stringify({
    type: 'progress',
    command,
    elapsedSeconds: rounded(elapsedMs / 1000),
    clients,
    ...counters,
    publishedPerSecond: rounded(rates.published),
    receivedPerSecond: rounded(rates.received),
  })
}

export function summaryJson(result: BenchResult, exitCode: number): string {
  const { command, spec, end, elapsedMs, online, subscribed, counters, health, tally, messages } = result
  return JSON.stringify({
    type: 'summary',
    command,
    exitCode,
    end,
    elapsedSeconds: rounded(elapsedMs / 1000),
    clients: spec.clients,
    everConnected: tally.everConnected,
    ...counters,
    onlineAtEnd: online,
    subscribedAtEnd: subscribed,
    ...(spec.churn && { leftByPlan: tally.leftByPlan }),
    endings: tally.endings.map((ending) => ({
      ...ending,
      whose: whoseFault(ending),
      words: endingWords(ending),
    })),
    ...(result.wrongTransport !== undefined && { wrongTransport: result.wrongTransport }),
    breaches: breachesInWords(tally.breaches),
    latencies: {
      firstConnack: tally.fromPlan,
      everyConnack: tally.fromAttempt,
      messages: messages?.latencies ?? [],
    },
    generator: health,
    ...(messages ? { messages: { ...messages, latencies: undefined } } : {}),
  })
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
