import { CLIENT_KIND, type WillReceipt } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'

/** The attempt, counted from 1 for each client, by which each connection came about: wills are known by it. */
export function attemptOfConnections({ record: { clients }, connections }: RunView): Uint32Array {
  const attempts = new Uint32Array(connections.firstOf.length - 1)
  const seen = new Uint32Array(connections.firstOf.length - 1)
  const found = new Uint32Array(connections.length)
  for (let i = 0; i < clients.length; i++) {
    const client = clients.client[i]!
    if (clients.kind[i] === CLIENT_KIND.attempt) attempts[client]!++
    else if (clients.kind[i] === CLIENT_KIND.connected)
      found[connections.firstOf[client]! + seen[client]!++] = attempts[client]!
  }
  return found
}

/** The wills that came, by publisher, attempt and watcher; each list ascending. */
export class WillsReceived {
  readonly #times = new Map<string, number[]>()

  constructor(wills: readonly WillReceipt[]) {
    for (const { publisher, attempt, subscriber, t } of wills) {
      const key = `${publisher} ${attempt} ${subscriber}`
      const times = this.#times.get(key)
      if (times) times.push(t)
      else this.#times.set(key, [t])
    }
    for (const times of this.#times.values()) times.sort((a, b) => a - b)
  }

  of(publisher: number, attempt: number, watcher: number): readonly number[] {
    return this.#times.get(`${publisher} ${attempt} ${watcher}`) ?? []
  }
}
