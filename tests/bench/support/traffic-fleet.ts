import { startFleet } from '#weir/bench/fleet/start-fleet.ts'
import { makeHeader, readHeader } from '#weir/bench/ledger/header.ts'
import type { Fleet, FleetSpec, GroupSpec, PublishSpec } from '#weir/bench/types.ts'
import type { LedgerReport, Qos } from '#weir/facts/index.ts'
import { fleetSpec } from './fleet-spec.ts'
import { History } from './history.ts'
import { until } from './until.ts'

/** Long enough for whatever is still to come: a test that loses messages on purpose waits for all of it. */
const SETTLE_MS = 1500

export interface TrafficFleet {
  fleet: Fleet
  history: History
  /** Ends traffic, then the fleet, and returns what became of the messages. */
  finish(settleMs?: number): Promise<LedgerReport>
}

/** A fleet of one group that publishes and one that subscribes, as a test changes it. */
export async function startTraffic(
  targets: FleetSpec['targets'],
  changes: Partial<FleetSpec>,
): Promise<TrafficFleet> {
  const history = new History()
  const spec = fleetSpec({ targets, trafficStart: 'when-all-ready', clients: 2, ...changes })
  const fleet = await startFleet(spec, history.add)
  return {
    fleet,
    history,
    async finish(settleMs = SETTLE_MS) {
      await fleet.endTraffic(settleMs)
      await fleet.stop()
      return fleet.ledger()!
    },
  }
}

/** Publishes `limit` ledger messages in all, one every 5 ms a client. */
export function publisher(publish: Partial<PublishSpec> = {}, changes: Partial<GroupSpec> = {}): GroupSpec {
  return {
    name: 'publishers',
    share: 1,
    protocol: '5',
    persistent: false,
    publish: {
      topic: 't/%i',
      qos: 1,
      everyMs: 5,
      limit: 20,
      payload: { kind: 'ledger', bytes: 32 },
      ...publish,
    },
    ...changes,
  }
}

export function subscriber(topic = 't/#', qos: Qos = 2, changes: Partial<GroupSpec> = {}): GroupSpec {
  return {
    name: 'subscribers',
    share: 1,
    protocol: '5',
    persistent: false,
    subscribe: [{ topic, qos }],
    ...changes,
  }
}

export async function published(fleet: Fleet, messages: number): Promise<void> {
  await until(`${messages} messages are published`, () => fleet.counters().published >= messages)
}

/** The sequence number that a payload carries. */
export function sequenceOf(payload: string | Buffer): number {
  const header = makeHeader()
  const bytes = Buffer.from(payload)
  if (!readHeader(bytes, 0, bytes.length, Date.now() * 1000, header)) throw new Error('no header')
  return header.sequence
}
