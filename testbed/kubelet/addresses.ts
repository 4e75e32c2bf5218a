/** Addresses for pods out of one /24 of the loopback network: each pod its own, a freed one not used again at once. */
export class AddressPool {
  readonly #prefix: string
  readonly #used = new Set<number>()
  #last = 1

  /** `prefix` like "127.3.5." */
  constructor(prefix: string) {
    this.#prefix = prefix
  }

  take(): string {
    for (let tries = 0; tries < 253; tries++) {
      this.#last = this.#last >= 254 ? 2 : this.#last + 1
      if (this.#used.has(this.#last)) continue
      this.#used.add(this.#last)
      return `${this.#prefix}${this.#last}`
    }
    throw new Error(`all addresses of ${this.#prefix}0/24 are taken`)
  }

  free(address: string): void {
    this.#used.delete(Number(address.slice(this.#prefix.length)))
  }
}
