import { createHistogram } from 'node:perf_hooks'
import type { CounterRow } from '../../counters/live-counters.ts'
import type { EndedSessions } from '../../types.ts'
import type { ShardProbes } from '../health.ts'
import type { ToShard } from '../shard-messages.ts'
import type { FromProcess, ShardHost, TakeNews } from './shard-host.ts'
import { applySnapshot, type CopiedProbes, SNAPSHOT_EVERY_MS } from './snapshot.ts'

/** Where what another process says of its shards goes. */
export interface ShardOutlet {
  rows: readonly CounterRow[]
  take: TakeNews
  /** As in ShardProbes. */
  reportedEveryMs?: number
}

/** The fleet's ends of the shards that one other process runs. */
export class ShardEnds {
  readonly shards: readonly ShardHost[]
  readonly #ends: ReadonlyMap<number, ShardEnd>
  readonly #out: ShardOutlet
  /** What it said when it died. */
  diedOf: string | undefined

  /** `done`: settles when the process has ended, and rejects unless it ended as it should. */
  constructor(
    shards: readonly number[],
    done: Promise<void>,
    send: (shard: number, message: ToShard) => void,
    out: ShardOutlet,
  ) {
    done.catch(() => undefined)
    this.#out = out
    this.#ends = new Map(
      shards.map((shard) => [
        shard,
        new ShardEnd(done, (message) => send(shard, message), out.reportedEveryMs ?? SNAPSHOT_EVERY_MS),
      ]),
    )
    this.shards = [...this.#ends.values()]
  }

  hear(message: FromProcess): void {
    switch (message.type) {
      case 'news':
        this.#out.take(message.shard, message.news)
        return
      case 'snapshots':
        for (const snapshot of message.snapshots)
          applySnapshot(snapshot, this.#out.rows[snapshot.shard]!, this.#ends.get(snapshot.shard)!.probes)
        return
      case 'ready':
        this.#ends.get(message.shard)!.isReady()
        return
      case 'stopped':
        this.#ends.get(message.shard)!.hasStopped(message.sessions)
        return
      case 'died':
        this.diedOf = message.what
    }
  }

  /** The process is gone, and the fleet goes on without it. */
  giveUp(sessions: EndedSessions): void {
    for (const end of this.#ends.values()) end.hasStopped(sessions)
  }
}

/** The fleet's end of one shard in another process. */
class ShardEnd implements ShardHost {
  readonly done: Promise<void>
  readonly send: (message: ToShard) => void
  readonly probes: CopiedProbes
  readonly #ready = Promise.withResolvers<ShardProbes>()
  readonly #stopped = Promise.withResolvers<EndedSessions>()

  constructor(done: Promise<void>, send: (message: ToShard) => void, reportedEveryMs: number) {
    this.done = done
    this.send = send
    this.probes = {
      loopDelay: createHistogram(),
      lag: createHistogram(),
      ping: createHistogram(),
      reportedEveryMs,
    }
  }

  get ready(): Promise<ShardProbes> {
    return this.#ready.promise
  }

  get stopped(): Promise<EndedSessions> {
    return this.#stopped.promise
  }

  isReady(): void {
    this.#ready.resolve(this.probes)
  }

  hasStopped(sessions: EndedSessions): void {
    this.#stopped.resolve(sessions)
  }

  close(): void {
    // The channel belongs to all shards of the process, and goes with it.
  }
}
