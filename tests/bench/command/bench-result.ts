import type { BenchRequest } from '#weir/bench/command/flags.ts'
import { fleetSpec } from '#weir/bench/command/fleet-spec.ts'
import type { MessageTotals } from '#weir/bench/command/messages.ts'
import type { BenchResult } from '#weir/bench/command/result.ts'
import { Tally } from '#weir/bench/command/tally.ts'
import { EventLog, withWords } from '#weir/bench/events/event-log.ts'
import type { FleetCounters } from '#weir/bench/types.ts'

/** Ten clients of which all went well. */
export const CLIENTS = 10

export function counters(changes: Partial<FleetCounters> = {}): FleetCounters {
  return {
    scheduled: CLIENTS,
    attempts: CLIENTS,
    connected: CLIENTS,
    refused: 0,
    failed: 0,
    slowHandshakes: 0,
    disconnected: 0,
    gaveUp: 0,
    cannotPublish: 0,
    online: CLIENTS,
    inFlight: 0,
    droppedEvents: 0,
    subscribesRefused: 0,
    subscribed: 0,
    published: 0,
    acknowledged: 0,
    received: 0,
    ...changes,
  }
}

export function messages(changes: Partial<MessageTotals> = {}): MessageTotals {
  return {
    sent: 0,
    acknowledged: 0,
    refused: 0,
    abandoned: 0,
    unanswered: 0,
    skipped: 0,
    untaken: 0,
    received: 0,
    lost: 0,
    missed: 0,
    duplicated: 0,
    redelivered: 0,
    reordered: 0,
    overflowed: 0,
    astray: 0,
    foreign: 0,
    settled: true,
    latencies: [],
    ...changes,
  }
}

/** A tally of `connected` clients, and of whatever else is written. */
export function tallyOf(connected: number, write: (log: EventLog) => void = () => undefined): Tally {
  const tally = new Tally(CLIENTS)
  const log = new EventLog((columns) => tally.add(withWords(columns, ['b:1'])))
  for (let client = 0; client < connected; client++) {
    log.add(0, client, 'scheduled')
    log.add(0, client, 'attempt')
    log.add(2e6, client, 'connected', '', 0, 0)
  }
  write(log)
  log.flush()
  return tally
}

/** What a run of ten clients came to; a test changes what it is about. */
export function benchResult(
  { command, flags }: BenchRequest = { command: 'conn', flags: {} },
  changes: Partial<BenchResult> = {},
): BenchResult {
  return {
    command,
    spec: fleetSpec({ command, flags: { count: CLIENTS, hostname: 'b', ...flags } } as BenchRequest),
    end: 'stopped',
    elapsedMs: 2000,
    online: CLIENTS,
    subscribed: CLIENTS,
    counters: counters(),
    health: { loopDelayP99Ms: 1, loopDelayMaxMs: 2, scheduleLagP99Ms: 3, watchedMs: 2000, lateMs: 0 },
    tally: tallyOf(CLIENTS),
    messages: undefined,
    verify: false,
    ...changes,
  }
}
