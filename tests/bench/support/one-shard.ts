import { createHistogram } from 'node:perf_hooks'
import { CounterRow, makeCounterMemory, sumCounters } from '#weir/bench/counters/live-counters.ts'
import { fleetClock } from '#weir/bench/engine/clock.ts'
import { targetName } from '#weir/bench/engine/lifecycle/targets.ts'
import { makeEngine } from '#weir/bench/engine/make-engine.ts'
import type { ShardSpec, ShardTraffic } from '#weir/bench/engine/shard-spec.ts'
import { EventLog } from '#weir/bench/events/event-log.ts'
import { hasTraffic } from '#weir/bench/traffic/plan.ts'
import { makeIdentity, shardTraffic } from '#weir/bench/traffic/shard-traffic.ts'
import type { EndedSessions, FleetCounters, GroupSpec } from '#weir/bench/types.ts'
import { assertLawful, History } from './history.ts'

const V5: GroupSpec = { name: 'v5', share: 1, protocol: '5', persistent: false }

export interface OneShard {
  history: History
  counters(): FleetCounters
  /** Lets everyone leave, checks that the whole history is lawful, and returns it. */
  stop(): Promise<History>
  /** What became of the sessions; undefined before the end. */
  sessions(): EndedSessions | undefined
}

export type ShardChanges = Partial<Omit<ShardSpec, 'clients'>> & {
  clients?: number
  group?: GroupSpec
  ids?: string[]
}

/** A small shard whose clients all come at once; a test changes what it is about. */
export function shardSpec(
  port: number,
  { clients = 1, group = V5, ids, ...changes }: ShardChanges = {},
): ShardSpec {
  return {
    clients: {
      index: Uint32Array.from({ length: clients }, (_, i) => i),
      ids: ids ?? Array.from({ length: clients }, (_, i) => `c${i}`),
      group: new Uint16Array(clients),
      arrivalMs: new Float64Array(clients),
    },
    groups: [group],
    targets: [{ host: '127.0.0.1', address: '127.0.0.1', port }],
    fleetClients: clients,
    seed: 1,
    keepAliveSeconds: 60,
    reconnect: { kind: 'fixed', baseMs: 20 },
    connectTimeoutMs: 30_000,
    connackTimeoutMs: 30_000,
    connectsInFlight: 64,
    ...(hasTraffic([group]) ? { traffic: trafficOf(clients) } : {}),
    ...changes,
  }
}

function trafficOf(clients: number): ShardTraffic {
  const identity = makeIdentity({ clockZeroNs: process.hrtime.bigint() })
  const indexes = Uint32Array.from({ length: clients }, (_, i) => i)
  return shardTraffic(
    identity,
    Array.from({ length: clients }, () => 0),
    1,
    indexes,
  )
}

/** Runs the engine in this thread, without workers, on clients that all come at once unless told otherwise. */
export function startShard(port: number, changes: ShardChanges = {}): OneShard {
  const row = new CounterRow(makeCounterMemory(1), 0)
  const clock = fleetClock(process.hrtime.bigint())
  const spec = shardSpec(port, changes)
  const history = new History(spec.targets.map(targetName))
  const log = new EventLog(history.addColumns)
  const starting = makeEngine(spec, { clock, log, counters: row, lag: createHistogram() }).then((shard) => {
    shard.start(clock.nowMs())
    return shard
  })
  const flushing = setInterval(() => log.flush(), 5)
  let sessions: EndedSessions | undefined
  return {
    history,
    sessions: () => sessions,
    counters: () => sumCounters([row]),
    async stop() {
      const shard = await starting
      sessions = await shard.stop(5000)
      clearInterval(flushing)
      log.flush()
      assertLawful(history, spec.clients.ids.length)
      // After the end nobody is online, so the counters are compared without the clients that left.
      const { online, inFlight } = sumCounters([row])
      if (online !== 0 || inFlight !== 0)
        throw new Error(`${online} online and ${inFlight} in flight after the end`)
      return history
    },
  }
}
