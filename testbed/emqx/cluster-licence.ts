import { at, parseHocon } from '#weir/facts/hocon.ts'

/** A licence of the testbed's own making: no licence of EMQX, so its text says what it allows. */
const TEXT = /^weir-testbed-licence:(business-critical:)?([1-9]\d*)(:expired)?$/
/** `license.dynamic_max_connections` until it is configured (docs/contract/emqx.md#licence). */
const DYNAMIC = 25

/** The licence that the nodes of a cluster share, as it was last given to one of them. */
export class ClusterLicence {
  #most: number | undefined
  #isBusinessCritical = false
  #isExpired = false
  #dynamic = DYNAMIC

  /** How many sessions it admits; undefined before any licence was given. */
  get most(): number | undefined {
    if (this.#most === undefined || !this.#isBusinessCritical) return this.#most
    return Math.min(this.#most, this.#dynamic)
  }

  /** Only a licence of this type lets the configuration lower its limit, and raise it again. */
  get isBusinessCritical(): boolean {
    return this.#isBusinessCritical
  }

  /** When it ends, as EMQX tells: a day that has passed, or one far off. */
  get expiry(): { expiry: boolean; expiry_at: string } {
    return this.#isExpired
      ? { expiry: true, expiry_at: '2024-05-18' }
      : { expiry: false, expiry_at: '2029-04-17' }
  }

  accepts(text: string): boolean {
    return TEXT.test(text.trim())
  }

  /** Takes another licence. After a text that is none the one before holds. */
  take(text: string): void {
    const match = TEXT.exec(text.trim())
    if (match === null) return
    this.#isBusinessCritical = match[1] !== undefined
    this.#most = Number(match[2])
    this.#isExpired = match[3] !== undefined
  }

  /** Takes what a HOCON document says of the licence. */
  configure(document: string): void {
    const { key, dynamic } = settingsOf(document)
    if (typeof key === 'string') this.take(key)
    if (typeof dynamic === 'string' && /^\d+$/.test(dynamic)) this.#dynamic = Number(dynamic)
  }
}

function settingsOf(document: string) {
  try {
    const config = parseHocon(document)
    return { key: at(config, 'license', 'key'), dynamic: at(config, 'license', 'dynamic_max_connections') }
  } catch {
    // The request that brought it has its own words for that.
    return {}
  }
}
