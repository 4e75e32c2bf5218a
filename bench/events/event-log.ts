import {
  CLIENT_KIND,
  CLIENT_REASON,
  type ClientEventColumns,
  type ClientEventKind,
  type ClientEventReason,
  copyClientColumns,
  makeClientColumns,
  setClientRow,
} from '#weir/facts/client-events.ts'
import type { AssignedId, Columns } from './columns.ts'

const ROWS = 4096

/** Collects the events of one shard in columns and sends them in batches, when `flush` is called or the columns are full. */
export class EventLog {
  readonly #columns: ClientEventColumns
  readonly #send: (batch: Columns) => void
  readonly #moreTargets: string[] = []
  #assignedIds: AssignedId[] = []

  constructor(send: (batch: Columns) => void, rows: number = ROWS) {
    this.#columns = makeClientColumns(rows)
    this.#send = send
  }

  /**
   * `tNs` counts from the fleet's zero. `target` is an index into the spec's targets and, behind them, those that were
   * added.
   */
  add(
    tNs: number,
    client: number,
    kind: ClientEventKind,
    reason: ClientEventReason = '',
    code = -1,
    sessionPresent = -1,
    target = 0,
  ): void {
    const columns = this.#columns
    const [kindIndex, reasonIndex] = [CLIENT_KIND[kind], CLIENT_REASON[reason]]
    setClientRow(columns, columns.length++, tNs, client, kindIndex, reasonIndex, code, sessionPresent, target)
    if (columns.length === columns.t.length) this.flush()
  }

  /** A target that the spec does not know: its index is the next one behind the last. */
  addTarget(name: string): void {
    this.#moreTargets.push(name)
  }

  /** A client without an id got one from its server. Goes out before its event of being connected does. */
  addAssignedId(client: number, id: string): void {
    this.#assignedIds.push({ client, id })
  }

  flush(): void {
    if (this.#columns.length === 0) return
    const batch: Columns = copyClientColumns(this.#columns)
    if (this.#moreTargets.length > 0) batch.moreTargets = [...this.#moreTargets]
    if (this.#assignedIds.length > 0) batch.assignedIds = this.#assignedIds
    this.#assignedIds = []
    this.#columns.length = 0
    this.#send(batch)
  }
}
