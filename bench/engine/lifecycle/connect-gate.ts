/**
 * Bounds the connects in flight, so that a reconnect storm does not overflow the broker's listen backlog. First come, first
 * served.
 */
export class ConnectGate<Client> {
  readonly #room: number
  readonly #open: (client: Client) => void
  #inFlight = 0
  #line: Client[] = []
  #head = 0
  #closed = false

  constructor(room: number, open: (client: Client) => void) {
    this.#room = room
    this.#open = open
  }

  get inFlight(): number {
    return this.#inFlight
  }

  get waiting(): number {
    return this.#line.length - this.#head
  }

  /** Opens `client` now or when its turn comes. */
  enter(client: Client): void {
    if (this.#closed) return
    if (this.#inFlight >= this.#room) {
      this.#line.push(client)
      return
    }
    this.#inFlight++
    this.#open(client)
  }

  /** One attempt is over, whatever became of it: the next in line may go. */
  leave(): void {
    this.#inFlight--
    if (this.#closed || this.#head === this.#line.length) return
    const next = this.#line[this.#head++]!
    if (this.#head === this.#line.length || this.#head > 4096) this.#compact()
    this.#inFlight++
    this.#open(next)
  }

  /** Opens no more connections. */
  close(): void {
    this.#closed = true
    this.#line = []
    this.#head = 0
  }

  #compact(): void {
    this.#line = this.#line.slice(this.#head)
    this.#head = 0
  }
}
