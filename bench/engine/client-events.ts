import type { ClientEventKind, ClientEventReason } from '#weir/facts/index.ts'
import type { ShardOutlets } from './engine.ts'
import type { FleetClient } from './fleet-client.ts'

/** Writes down what happens to clients, at the instant it does. */
export class ClientEvents {
  readonly #out: ShardOutlets

  constructor(out: ShardOutlets) {
    this.#out = out
  }

  add(
    client: FleetClient,
    kind: ClientEventKind,
    reason: ClientEventReason = '',
    code = -1,
    sessionPresent = -1,
  ): void {
    this.#addAt(this.#out.clock.nowMs(), client, kind, reason, code, sessionPresent)
  }

  /** The arrival of a client is due at its planned instant, whenever that is noticed. */
  scheduled(client: FleetClient, plannedMs: number): void {
    this.#addAt(plannedMs, client, 'scheduled', '', -1, -1)
    this.#out.counters.add('scheduled', 1)
  }

  #addAt(
    tMs: number,
    client: FleetClient,
    kind: ClientEventKind,
    reason: ClientEventReason,
    code: number,
    sessionPresent: number,
  ): void {
    this.#out.log.add(tMs * 1e6, client.index, kind, reason, code, sessionPresent, client.target)
  }
}
