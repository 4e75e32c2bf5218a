import { type Finding, judge } from '#weir/assertions/index.ts'
import type { FleetGroup, Parameters, RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { type Settings, settingsOf, simulate, withEmqx5 } from '../../simulator/index.ts'

export const S = 1e9

const numbers = { clients: 200, connEvictRate: 10, sessEvictRate: 10 }
const waits = { waitTakeoverSeconds: 5, initialDelaySeconds: 5 }
const reconnect = { policy: 'simulated', minMs: 1000, maxMs: 1000 } as const
const kept: FleetGroup = {
  name: 'kept',
  protocol: '5',
  persistent: true,
  subscribed: true,
  publishes: { qos: 1, everyMs: 2000 },
  will: { qos: 1, delaySeconds: 0, sessionSeconds: 3600, retain: false },
}

const simulated = (settings: Settings, changes: Partial<Parameters>): RunRecord =>
  simulate({
    ...settings,
    parameters: { ...settings.parameters, ...numbers, ...waits, reconnect, ...changes },
    groups: [kept],
  })

const four = settingsOf(1)
const run4 = simulated(four, { nodes: 2, pollIntervalSeconds: 20, scrapeIntervalSeconds: 5 })

/** An honest run of two nodes of EMQX 4.4 and 200 persistent clients at 10 a second, fresh for every test to change. */
export const honestRun = (): RunRecord => structuredClone(run4)

const five = withEmqx5(settingsOf(1))
const run5 = simulated(five, {
  nodes: 4,
  servingNodes: 2,
  scrapeIntervalSeconds: 2,
  dialect: { ...five.parameters.dialect, healthCheckWaitSeconds: 10 },
})

/** The same of EMQX 5: 2 cores, and 2 replicants with all clients; a health-check wait of ten seconds. */
export const emqx5Run = (): RunRecord => structuredClone(run5)

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
