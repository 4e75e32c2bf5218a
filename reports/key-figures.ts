import type { RunView } from '#weir/record/view/index.ts'
import type { Fact } from './facts.ts'
import { timeAxis } from './series/axis.ts'
import { downtime } from './series/downtime.ts'
import { clientsOffline } from './series/offline.ts'
import { perSecondPeaks } from './series/rate.ts'
import { durationOf } from './text/time.ts'

/** The figures that a reader compares first: how many moved, how fast, for how long somebody was away. */
export function keyFigures(run: RunView): Fact[] {
  const axis = timeAxis(run)
  const clients = run.record.fleet.ids.length
  const { count, open, percentiles } = downtime(run)
  const median = percentiles.find(({ percentile }) => percentile === 50)
  const longest = percentiles.find(({ percentile }) => percentile === 100)
  const { trigger, upgradeDone } = run.moments
  const peak = perSecondPeaks(run.attempts, axis).reduce((most, value) => Math.max(most, value), 0)
  return [
    { name: 'clients', value: String(clients) },
    { name: 'evictions', value: perClient(run.evictions.length, clients) },
    {
      name: 'most attempts in 1 s',
      value: run.hasParameters ? `${peak} (rate ${run.parameters.connEvictRate}/s)` : String(peak),
    },
    { name: 'most offline at once', value: String(clientsOffline(run, axis).peak) },
    ...(count > 0 && median && longest
      ? [
          {
            name: 'downtime',
            value: `${durationOf(median.ms * 1e6)}, at most ${durationOf(longest.ms * 1e6)}`,
          },
        ]
      : []),
    { name: 'never came back', value: String(open) },
    {
      name: 'upgrade took',
      value:
        trigger !== undefined && upgradeDone !== undefined ? durationOf(upgradeDone - trigger) : 'not done',
    },
  ]
}

function perClient(evictions: number, clients: number): string {
  return clients > 0 && evictions > 0
    ? `${evictions} (${Number((evictions / clients).toFixed(2))} per client)`
    : String(evictions)
}
