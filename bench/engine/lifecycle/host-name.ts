import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'

/** Looks a host name up; rejects when it does not resolve. */
export type LookUp = (host: string) => Promise<readonly string[]>

/** As `getaddrinfo` has them: the hosts file and the system's resolver. */
export const lookUp: LookUp = async (host) =>
  (await lookup(host, { all: true, order: 'ipv4first' })).map(({ address }) => address)

/** Clients that connect within this time share one answer. */
const FRESH_MS = 1000

/**
 * The addresses behind a host name. They are looked up again at connects, once a second at most: a name that moves to other addresses takes
 * the clients with it. While a look-up is under way, and when it fails, the last answer stands.
 */
export class HostName {
  readonly #host: string
  readonly #lookUp: LookUp
  readonly #nowMs: () => number
  readonly #family: number
  #addresses: readonly string[]
  #askedMs: number
  #isAsking = false

  /** `addresses`: the first answer, all of one family; the others of later answers are left out. */
  constructor(
    host: string,
    addresses: readonly string[],
    { find = lookUp, nowMs = () => performance.now() }: { find?: LookUp; nowMs?: () => number } = {},
  ) {
    this.#host = host
    this.#addresses = addresses
    this.#family = isIP(addresses[0] ?? '')
    this.#lookUp = find
    this.#nowMs = nowMs
    this.#askedMs = nowMs()
  }

  /** The address for the connect that begins now: `turn` counts round the addresses. */
  address(turn: number): string {
    if (this.#nowMs() - this.#askedMs >= FRESH_MS) this.#ask()
    return this.#addresses[turn % this.#addresses.length]!
  }

  #ask(): void {
    if (this.#isAsking) return
    this.#isAsking = true
    this.#askedMs = this.#nowMs()
    this.#lookUp(this.#host)
      .then((found) => {
        const usable = found.filter((one) => this.#family === 0 || isIP(one) === this.#family)
        if (usable.length > 0) this.#addresses = usable
      })
      .catch(() => undefined)
      .finally(() => {
        this.#isAsking = false
      })
  }
}
