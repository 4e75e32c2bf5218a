import type { Route } from './connection.ts'

/** The last session ticket of one target: clients that come back resume with it (RFC 8446 §2.2). */
export interface Tickets {
  last: Buffer | undefined
}

/** One ticket a target serves all its clients: one for each of them would cost more than the rest of the client. */
export class TicketBook {
  readonly #tickets = new Map<string, Tickets>()

  of({ address, port }: Route): Tickets {
    const target = `${address} ${port}`
    const known = this.#tickets.get(target)
    if (known) return known
    const tickets: Tickets = { last: undefined }
    this.#tickets.set(target, tickets)
    return tickets
  }
}
