import type { ClientEventReason } from '#weir/facts/index.ts'
import { LossBook } from '../../policies/loss-book.ts'
import type { ReconnectPolicy, Wait } from '../../policies/policy.ts'
import { resolvePolicy } from '../../policies/resolve.ts'
import { uniform } from '../../random/uniform.ts'
import type { ShardSpec } from '../shard-spec.ts'
import type { FleetClient } from './fleet-client.ts'

/** Applies the reconnect policy; each client draws its random numbers from the fleet's seed. */
export class Reconnect {
  readonly #seed: number
  readonly #policy: ReconnectPolicy
  readonly #losses: LossBook
  #drawing: FleetClient | undefined

  constructor({ seed, reconnect, clients }: ShardSpec) {
    this.#seed = seed
    this.#policy = resolvePolicy(reconnect)
    this.#losses = new LossBook(this.#policy, clients.ids.length)
  }

  connected(client: FleetClient, nowMs: number): void {
    client.attempt = 0
    client.lastWaitMs = 0
    this.#losses.connected(client.slot, nowMs)
  }

  /** The wait of a client that has lost its connection or attempt, or 'stop'. */
  waitAfter(client: FleetClient, reason: ClientEventReason, nowMs: number): Wait {
    client.attempt++
    this.#drawing = client
    const loss = this.#losses.lost(client.slot, nowMs, reason)
    const wait = this.#policy.nextWait(client.attempt, client.lastWaitMs, this.#draw, loss)
    if (wait !== 'stop') client.lastWaitMs = wait
    return wait
  }

  readonly #draw = (): number => {
    const client = this.#drawing!
    return uniform(this.#seed, client.index, client.draws++)
  }
}
