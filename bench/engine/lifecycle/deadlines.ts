import { TimerWheel } from '../../timers/timer-wheel.ts'
import { type Clock, nodeTimers, type Timers } from '../clock.ts'
import type { ShardOutlets } from '../engine.ts'
import type { FleetClient } from './fleet-client.ts'

/** setTimeout takes at most this much. */
const LONGEST_MS = 2 ** 31 - 1

/** One timer for a whole shard: it fires when the nearest deadline of any client comes. */
export class Pump {
  readonly #clock: Clock
  readonly #work: () => void
  readonly #timers: Timers
  #timer: unknown
  #dueMs = Number.POSITIVE_INFINITY

  constructor(clock: Clock, work: () => void, timers: Timers = nodeTimers) {
    this.#clock = clock
    this.#work = work
    this.#timers = timers
  }

  /** Makes sure that `work` runs at `dueMs` or soon after. A later instant than the one set changes nothing. */
  wakeAt(dueMs: number): void {
    if (dueMs >= this.#dueMs) return
    this.#timers.clear(this.#timer)
    this.#dueMs = dueMs
    const waitMs = Math.min(LONGEST_MS, Math.max(0, Math.ceil(dueMs - this.#clock.nowMs())))
    this.#timer = this.#timers.set(this.#run, waitMs)
  }

  stop(): void {
    this.#timers.clear(this.#timer)
    this.#dueMs = Number.NEGATIVE_INFINITY
  }

  readonly #run = (): void => {
    this.#dueMs = Number.POSITIVE_INFINITY
    this.#work()
  }
}

/**
 * One timer per client, all on one wheel. At each waking `beforeDue` is called first, then `onDue` for every client whose
 * deadline has passed.
 */
export class Deadlines<Client extends FleetClient> {
  readonly #clients: readonly Client[]
  readonly #clock: ShardOutlets['clock']
  readonly #wheel: TimerWheel
  readonly #pump: Pump
  readonly #beforeDue: () => number
  readonly #onDue: (client: Client) => void

  /** `beforeDue` returns when it wants to be called next, on the fleet's clock. */
  constructor(
    clients: readonly Client[],
    out: Pick<ShardOutlets, 'clock' | 'timers'>,
    beforeDue: () => number,
    onDue: (client: Client) => void,
  ) {
    this.#clients = clients
    this.#clock = out.clock
    this.#wheel = new TimerWheel(clients.length, out.clock.nowMs())
    this.#pump = new Pump(out.clock, this.#work, out.timers)
    this.#beforeDue = beforeDue
    this.#onDue = onDue
  }

  /** Replaces the client's deadline. */
  set(client: Client, deadlineMs: number): void {
    client.deadlineMs = deadlineMs
    this.#wheel.set(client.slot, deadlineMs)
    this.#pump.wakeAt(deadlineMs)
  }

  cancel(client: Client): void {
    this.#wheel.cancel(client.slot)
  }

  wakeAt(dueMs: number): void {
    this.#pump.wakeAt(dueMs)
  }

  stop(): void {
    this.#pump.stop()
  }

  readonly #work = (): void => {
    const nextMs = this.#beforeDue()
    this.#wheel.advance(this.#clock.nowMs(), this.#due)
    this.#pump.wakeAt(Math.min(nextMs, this.#wheel.nextDueMs()))
  }

  readonly #due = (slot: number): void => this.#onDue(this.#clients[slot]!)
}
