import type { AssertRequest, RecordEvent, Scrape } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { fleetOf, recordOf } from '#weir/record/index.ts'
import type { Trace } from './trace.ts'

/** Seconds after 11:15:00 at which the record begins; and how long it goes on after the last old line has ended. */
const ZERO = -20
const AFTERWARDS = 30

/** A graph as a record: scrapes, the moments that docs/contract/upgrade.md#graph names, and nothing else. */
export function recordOfTrace(trace: Trace, asserts: AssertRequest[]): RunRecord {
  const at = (t: number) => (t - ZERO) * 1e9
  const scrapes = Object.entries(trace).flatMap(([name, line]) =>
    line.map(({ t, value }): Scrape => {
      return {
        t: at(t),
        tookNs: 0,
        pod: name,
        node: `emqx@${name}`,
        ok: true,
        status: 200,
        metrics: { emqx_connections_count: value },
      }
    }),
  )
  const ends = (prefix: string) =>
    Object.entries(trace).flatMap(([name, line]) => (name.startsWith(prefix) ? [line.at(-1)?.t ?? 0] : []))
  const done = Math.max(...ends('old-'))
  const end = Math.max(done, ...ends('new-')) + AFTERWARDS
  const events: RecordEvent[] = [
    // The change itself is not in the picture: it came before the new pods' first scrape, at 65 s.
    { t: at(64), type: 'mark', name: 'trigger' },
    { t: at(done), type: 'mark', name: 'upgrade-done' },
  ]
  return recordOf({
    parameters: {
      clients: 3000,
      nodes: 3,
      connEvictRate: 10,
      sessEvictRate: 10,
      waitTakeoverSeconds: 5,
      initialDelaySeconds: 5,
      pollIntervalSeconds: 20,
      scrapeIntervalSeconds: 10,
      sampleIntervalSeconds: 1,
      reconnect: { policy: 'mqttx-bench', minMs: 1000, maxMs: 1000 },
      dialect: {
        name: 'v1beta4 EmqxEnterprise',
        operator: '2.1.0',
        healthCheckWaitSeconds: 0,
        evacuates: true,
        connectionsMetric: 'emqx_connections_count',
        liveConnectionsMetric: 'emqx_live_connections_count',
      },
      holdSeconds: 0,
    },
    manifest: {
      scenario: { name: 'golden-trace', resolved: null },
      asserts,
      end: { t: at(end), how: 'completed' },
    },
    fleet: fleetOf(0, []),
    events,
    scrapes,
  })
}
