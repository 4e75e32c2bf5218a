import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'

/** Looks a host name up; rejects when it does not resolve. */
export type LookUp = (host: string) => Promise<readonly string[]>

/** As `getaddrinfo` has them: the hosts file and the system's resolver. */
export const lookUp: LookUp = async (host) =>
  (await lookup(host, { all: true, order: 'ipv4first' })).map(({ address }) => address)

const EVERY_MS = 1000

/**
 * The addresses behind a host name, looked up once a second: a name that moves to other addresses takes the clients that connect with it,
 * whichever connects first. While a name does not resolve the last answer stands.
 */
export class HostName {
  readonly #host: string
  readonly #lookUp: LookUp
  readonly #family: number
  readonly #timer: NodeJS.Timeout
  #addresses: readonly string[]
  #isAsking = false

  /** `addresses`: the first answer, all of one family. Of later answers those of this family are used, and others where there are none. */
  constructor(
    host: string,
    addresses: readonly string[],
    { find = lookUp, everyMs = EVERY_MS }: { find?: LookUp; everyMs?: number } = {},
  ) {
    this.#host = host
    this.#addresses = addresses
    this.#family = isIP(addresses[0] ?? '')
    this.#lookUp = find
    this.#timer = setInterval(() => void this.#ask(), everyMs).unref()
  }

  /** The address for the connect that begins now: `turn` counts round the addresses. */
  address(turn: number): string {
    return this.#addresses[turn % this.#addresses.length]!
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return
    this.#isAsking = true
    try {
      const found = await this.#lookUp(this.#host)
      const usual = found.filter((one) => isIP(one) === this.#family)
      if (found.length > 0) this.#addresses = usual.length > 0 ? usual : found
    } catch {
      // The resolver is out, or the name is gone for now.
    } finally {
      this.#isAsking = false
    }
  }
}
