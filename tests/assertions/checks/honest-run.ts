import { type Finding, judge } from '#weir/assertions/index.ts'
import type { RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { settingsOf, simulate } from '../../simulator/index.ts'

export const S = 1e9

const settings = settingsOf(1)
const base = simulate({
  ...settings,
  parameters: {
    ...settings.parameters,
    clients: 200,
    nodes: 2,
    connEvictRate: 10,
    sessEvictRate: 10,
    waitTakeoverSeconds: 5,
    initialDelaySeconds: 5,
    pollIntervalSeconds: 20,
    scrapeIntervalSeconds: 5,
    reconnect: { policy: 'simulated', minMs: 1000, maxMs: 1000 },
  },
  groups: [
    {
      name: 'kept',
      protocol: '5',
      persistent: true,
      subscribed: true,
      publishes: { qos: 1, everyMs: 2000 },
      will: { qos: 1, delaySeconds: 0, sessionSeconds: 3600, retain: false },
    },
  ],
})

/** An honest run of two nodes and 200 persistent clients at 10 a second, fresh for every test to change. */
export function honestRun(): RunRecord {
  return structuredClone(base)
}

/** The record with each event as `change` wants it: another, several, or none. */
export function changed(
  record: RunRecord,
  change: (event: RecordEvent) => RecordEvent | RecordEvent[] | undefined,
): RunRecord {
  const events = record.events.flatMap((event) => change(event) ?? [])
  return { ...record, events: events.sort((a, b) => a.t - b.t) }
}

export const withEvents = (record: RunRecord, ...more: RecordEvent[]): RunRecord => ({
  ...record,
  events: [...record.events, ...more].sort((a, b) => a.t - b.t),
})

/** What one assertion says. */
export function saysOf(record: RunRecord, id: string, bounds?: Record<string, number>): Finding {
  const [finding] = judge(record, { asserts: [{ id, ...(bounds && { bounds }) }] }).findings
  if (!finding) throw new Error(`no finding for ${id}`)
  return finding
}

export function markT(record: RunRecord, name: string): number {
  const mark = record.events.find((event) => event.type === 'mark' && event.name === name)
  if (!mark) throw new Error(`no mark ${name}`)
  return mark.t
}
