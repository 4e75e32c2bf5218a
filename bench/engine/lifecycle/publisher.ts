import type { PublishBound } from '#weir/facts/index.ts'
import type { CounterRow } from '../../counters/live-counters.ts'
import { PublisherLedger } from '../../ledger/publisher-ledger.ts'
import type { Payload } from '../../traffic/payload.ts'
import { PublishSchedule } from '../../traffic/publish-schedule.ts'
import type { PublishSpec } from '../../types.ts'
import type { FleetClient } from './fleet-client.ts'

/** What distinguishes one publisher of a shard from the others. */
export interface PublisherPlace {
  /** Id of its timer, from 0. */
  timer: number
  /** Place among the publishers of its group, and their number. */
  rank: number
  of: number
  /** Messages that it sends in all. */
  limit: number
  topic: string
  /** One for its whole group, unless its messages have values of their own. */
  payload: Payload
}

/**
 * A client that publishes, as both engines see it: an open loop. Each message is due at its planned instant; while there is no room in
 * flight it waits, and its latency counts from when it was due. A message that is due while the client is offline is skipped.
 */
export class Publisher<Client extends FleetClient> implements PublisherPlace {
  readonly client: Client
  readonly spec: PublishSpec
  readonly timer: number
  readonly rank: number
  readonly of: number
  readonly limit: number
  readonly topic: string
  readonly payload: Payload
  readonly account: PublisherLedger
  /** Undefined until it may publish. */
  schedule: PublishSchedule | undefined
  /** The server's limits exclude its next message, and every later one, because messages go in order. */
  barred = false

  constructor(client: Client, { timer, rank, of, limit, topic, payload }: PublisherPlace) {
    this.client = client
    this.spec = client.group.publish!
    this.timer = timer
    this.rank = rank
    this.of = of
    this.limit = limit
    this.topic = topic
    this.payload = payload
    this.account = new PublisherLedger(client.index, this.spec.everyMs)
  }

  /** Starts the schedule unless it runs already; returns when the next message is due. */
  begin(startMs: number): number {
    this.schedule ??= new PublishSchedule(startMs, this.spec.everyMs, this.rank, this.of)
    return this.schedule.dueMs(startMs)
  }

  /** Gives up what was due by now and not sent. */
  skip(nowMs: number): void {
    if (this.schedule && this.account.sent < this.limit)
      this.account[this.barred ? 'untaken' : 'skipped'] += this.schedule.skip(nowMs)
  }

  /** Stops for as long as the connection lasts if its next message exceeds a limit. Returns whether it does. */
  bar(bound: PublishBound | undefined, counters: CounterRow): boolean {
    if (bound === undefined) return false
    this.barred = true
    counters.add('cannotPublish', 1)
    if (this.account.sent < this.limit) this.account.bound = bound
    return true
  }

  unbar(counters: CounterRow): void {
    if (!this.barred) return
    this.barred = false
    counters.add('cannotPublish', -1)
  }
}
