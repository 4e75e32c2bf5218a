/**
 * Why the process of a client ended, in EMQX's words (`emqx_client_disconnected_reason`, contract/emqx.md §1.2). A process
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

/** How often each happened on one node; `normal` is not counted. In the order in which they first did. */
export class Endings {
  readonly #counts = new Map<Ending, number>()

  count(ending: Ending): void {
    if (ending !== 'normal') this.#counts.set(ending, (this.#counts.get(ending) ?? 0) + 1)
  }

  entries(): Iterable<[Ending, number]> {
    return this.#counts
  }
}
