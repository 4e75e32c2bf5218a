import { TimerWheel } from '../../timers/timer-wheel.ts'
import type { ShardOutlets } from '../engine.ts'
import type { ShardSpec } from '../shard-spec.ts'
import type { FleetClient } from './fleet-client.ts'

export interface ChurnOutlets<Client> extends Pick<ShardOutlets, 'clock'> {
  /** A client has stayed for its time: it disconnects. */
  leave(client: Client): void
  /** `advance` is due then. */
  wakeAt(dueMs: number): void
}

/**
 * Clients that come, stay, leave and come again, at a rate that is kept: each is due once in a period, whatever became of its connection.
 * A client whose turn came while it was still connected has the next one at once.
 */
export class Churn<Client extends FleetClient> {
  readonly #stayMs: number
  readonly #periodMs: number
  readonly #clients: readonly Client[]
  readonly #out: ChurnOutlets<Client>
  readonly #stays: TimerWheel
  /** When each client's last turn was, on the fleet's clock. */
  readonly #turnMs: Float64Array

  constructor(
    { stayMs, periodMs }: NonNullable<ShardSpec['churn']>,
    clients: readonly Client[],
    out: ChurnOutlets<Client>,
  ) {
    this.#stayMs = stayMs
    this.#periodMs = periodMs
    this.#clients = clients
    this.#out = out
    this.#stays = new TimerWheel(clients.length, out.clock.nowMs())
    this.#turnMs = new Float64Array(clients.length)
  }

  arrived({ slot }: Client, plannedMs: number): void {
    this.#turnMs[slot] = plannedMs
  }

  online({ slot }: Client): void {
    const dueMs = this.#out.clock.nowMs() + this.#stayMs
    this.#stays.set(slot, dueMs)
    this.#out.wakeAt(dueMs)
  }

  offline({ slot }: Client): void {
    this.#stays.cancel(slot)
  }

  /** Returns when it wants to be called next. */
  advance(): number {
    this.#stays.advance(this.#out.clock.nowMs(), (slot) => this.#out.leave(this.#clients[slot]!))
    return this.#stays.nextDueMs()
  }

  /** When a client that is offline comes again: at its next turn, or now if that is past. Turns that are wholly past are left out. */
  nextTurnMs({ slot }: Client): number {
    const nowMs = this.#out.clock.nowMs()
    const missed = Math.max(0, Math.floor((nowMs - this.#turnMs[slot]!) / this.#periodMs) - 1)
    this.#turnMs[slot]! += (1 + missed) * this.#periodMs
    return Math.max(nowMs, this.#turnMs[slot]!)
  }
}
