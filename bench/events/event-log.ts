import {
  CLIENT_EVENT_REASONS,
  CLIENT_KIND,
  CLIENT_REASON,
  type ClientEventColumns,
  type ClientEventKind,
  type ClientEventReason,
  type ClientEvents,
  copyClientColumns,
  makeClientColumns,
  setClientRow,
} from '#weir/facts/client-events.ts'
import type { BreachCounts, ProtocolBreach } from '#weir/facts/protocol-breaches.ts'

const ROWS = 4096

/** Collects the events of one shard in columns and sends them in batches, when `flush` is called or the columns are full. */
export class EventLog {
  readonly #columns: ClientEventColumns
  readonly #send: (batch: Columns) => void
  readonly #moreTargets: string[] = []
  #assignedIds: AssignedId[] = []
  #breaches: BreachCounts | undefined

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
    localPort = 0,
  ): void {
    const columns = this.#columns
    const [kindIndex, reasonIndex] = [CLIENT_KIND[kind], CLIENT_REASON[reason]]
    setClientRow(
      columns,
      columns.length++,
      tNs,
      client,
      kindIndex,
      reasonIndex,
      code,
      sessionPresent,
      target,
      localPort,
    )
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

  /** A broker sent a packet out of place. Goes out with the next event: that its client is lost, or leaves. */
  addBreach(breach: ProtocolBreach): void {
    this.#breaches ??= {}
    this.#breaches[breach] = (this.#breaches[breach] ?? 0) + 1
  }

  flush(): void {
    if (this.#columns.length === 0) return
    const batch: Columns = copyClientColumns(this.#columns)
    if (this.#moreTargets.length > 0) batch.moreTargets = [...this.#moreTargets]
    if (this.#assignedIds.length > 0) batch.assignedIds = this.#assignedIds
    if (this.#breaches) batch.breaches = this.#breaches
    this.#assignedIds = []
    this.#breaches = undefined
    this.#columns.length = 0
    this.#send(batch)
  }
}

/** A client that connected with an empty id, and the id that its server assigned (MQTT 5 §3.2.2.3.7). */
interface AssignedId {
  client: number
  id: string
}

/** Client events as they cross threads: reasons are those of CLIENT_EVENT_REASONS and stay where they are. */
export interface Columns extends ClientEventColumns {
  /** Targets beyond the spec's that this shard's clients were referred to so far; `target` counts on behind the spec's. */
  moreTargets?: readonly string[]
  /** Since the batch before. */
  assignedIds?: readonly AssignedId[]
  /** Since the batch before. */
  breaches?: BreachCounts
}

/** A batch as the fleet's owner gets it; `targets` are the spec's. */
export function withWords(
  { moreTargets = [], assignedIds: _, ...columns }: Columns,
  targets: readonly string[],
): ClientEvents {
  return { ...columns, reasons: CLIENT_EVENT_REASONS, targets: [...targets, ...moreTargets] }
}
