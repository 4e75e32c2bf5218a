import type { ClientEventReason } from '#weir/facts/index.ts'
import type { Loss, ReconnectPolicy } from './policy.ts'

const NOT_CONNECTED = -1
const NO_NOTES = new Float64Array(0)

/** What a policy may know of the clients of one shard beyond the count of attempts: eight bytes a client, and the policy's notes. */
export class LossBook {
  readonly #notesPerClient: number
  readonly #notes: Float64Array
  readonly #sinceMs: Float64Array
  readonly #loss: Loss = { atMs: 0, connectedMs: NOT_CONNECTED, reason: '', notes: NO_NOTES }

  constructor({ notes = 0 }: ReconnectPolicy, clients: number) {
    this.#notesPerClient = notes
    this.#notes = new Float64Array(notes * clients)
    this.#sinceMs = new Float64Array(clients).fill(NOT_CONNECTED)
  }

  /** The broker has accepted the client in `slot`. */
  connected(slot: number, nowMs: number): void {
    this.#sinceMs[slot] = nowMs
  }

  /** An attempt or a connection of the client in `slot` is over. The answer is the same object each time. */
  lost(slot: number, nowMs: number, reason: ClientEventReason): Loss {
    const sinceMs = this.#sinceMs[slot]!
    this.#sinceMs[slot] = NOT_CONNECTED
    this.#loss.atMs = nowMs
    this.#loss.connectedMs = sinceMs === NOT_CONNECTED ? NOT_CONNECTED : nowMs - sinceMs
    this.#loss.reason = reason
    const from = slot * this.#notesPerClient
    if (this.#notesPerClient > 0) this.#loss.notes = this.#notes.subarray(from, from + this.#notesPerClient)
    return this.#loss
  }
}
