import type { Connection, ConnectionOwner } from '#weir/bench/transport/connection.ts'

/** An owner that writes down what its connection tells, in words, and wants nothing more of one that is over, as engines do. */
export class Diary implements ConnectionOwner<string> {
  connection: Connection<string> | undefined
  readonly told: string[] = []
  readonly bytes: Buffer[] = []
  readonly errors: NodeJS.ErrnoException[] = []
  gone = 0

  onConnect(client: string): void {
    this.told.push(`${client} connected`)
  }

  onBytes(_client: string, bytes: Buffer, length: number): void {
    this.bytes.push(Buffer.from(bytes.subarray(0, length)))
  }

  onFin(client: string): void {
    this.told.push(`${client} fin`)
    this.#leave()
  }

  onError(client: string, error: NodeJS.ErrnoException): void {
    this.told.push(`${client} ${error.code}`)
    this.errors.push(error)
    this.#leave()
  }

  onSocketGone(): void {
    this.gone++
  }

  #leave(): void {
    this.connection!.client = null
    setImmediate(() => this.connection!.destroy())
  }

  get text(): string {
    return Buffer.concat(this.bytes).toString('latin1')
  }
}
