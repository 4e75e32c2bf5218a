import { type Columns, filledRows, makeColumns } from './columns.ts'
import { KIND_INDEX, type Kind, REASON_INDEX, type Reason } from './words.ts'

const ROWS = 4096

/**
 * Collects the events of one shard in columns and hands them on as batches: when `flush` is called (by the shard, about ten
 * times a second) or when the columns are full. Never one message per event.
 */
export class EventLog {
  readonly #columns: Columns
  readonly #send: (batch: Columns) => void

  constructor(send: (batch: Columns) => void, rows: number = ROWS) {
    this.#columns = makeColumns(rows)
    this.#send = send
  }

  /** `tNs` counts from the fleet's clock zero; `sessionPresent` and `code` are -1 where there is none. */
  add(tNs: number, client: number, kind: Kind, reason: Reason = '', code = -1, sessionPresent = -1): void {
    const columns = this.#columns
    const row = columns.length++
    columns.t[row] = tNs
    columns.client[row] = client
    columns.kind[row] = KIND_INDEX[kind]
    columns.reason[row] = REASON_INDEX[reason]
    columns.code[row] = code
    columns.sessionPresent[row] = sessionPresent
    // A fleet has one target so far; the column stands for those that follow a Server-Reference.
    columns.target[row] = 0
    if (columns.length === columns.t.length) this.flush()
  }

  flush(): void {
    if (this.#columns.length === 0) return
    const batch = filledRows(this.#columns)
    this.#columns.length = 0
    this.#send(batch)
  }
}
