import type { ListenerKind } from '../listeners/wire.ts'

/**
 * Why the process of a client ended, in EMQX's words (`emqx_client_disconnected_reason`, docs/contract/emqx.md#counters). A process
 * ends with its session, so a client that is evicted from a persistent session ends later, as taken over.
 */
export type Ending =
  | 'normal'
  | 'use_another_server'
  | 'takenover'
  | 'discarded'
  | 'kicked'
  | 'expired'
  | 'tcp_closed'
  | 'keepalive_timeout'
  | 'quota_exceeded'
  | 'not_authorized'
  | 'client_identifier_not_valid'
  | 'protocol_error'

/**
 * How often each happened on one node, for TCP and TLS listeners: EMQX counts no others. `normal` is not counted. In the
 * order in which they first did.
 */
export class Endings {
  readonly #counts = { tcp: new Map<Ending, number>(), ssl: new Map<Ending, number>() }

  count(ending: Ending, listener: ListenerKind): void {
    if (ending === 'normal' || listener === 'ws' || listener === 'wss') return
    const counts = this.#counts[listener]
    counts.set(ending, (counts.get(ending) ?? 0) + 1)
  }

  *entries(): Generator<[listener: 'tcp' | 'ssl', ending: Ending, count: number]> {
    for (const listener of ['tcp', 'ssl'] as const)
      for (const [ending, count] of this.#counts[listener]) yield [listener, ending, count]
  }
}
