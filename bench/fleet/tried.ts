import { CLIENT_KIND, type ClientEvents } from '#weir/facts/client-events.ts'

/** How a first attempt can end. */
const ENDS: readonly number[] = [CLIENT_KIND.connected, CLIENT_KIND.refused, CLIENT_KIND.failed]

/** Who of a fleet has been connected, or has at least failed to, by the events of its clients. */
export class Tried {
  readonly #has: Uint8Array
  #count = 0

  constructor(clients: number) {
    this.#has = new Uint8Array(clients)
  }

  get all(): boolean {
    return this.#count === this.#has.length
  }

  take({ length, client, kind }: Pick<ClientEvents, 'length' | 'client' | 'kind'>): void {
    for (let row = 0; row < length; row++) {
      const index = client[row]!
      if (this.#has[index] === 1 || !ENDS.includes(kind[row]!)) continue
      this.#has[index] = 1
      this.#count++
    }
  }
}
