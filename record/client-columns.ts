import {
  CLIENT_KIND,
  type ClientEventKind,
  type ClientEvents,
  copyClientColumns,
  makeClientColumns,
  pickClientRows,
  setClientRow,
} from '#weir/facts/index.ts'

export function noClientEvents(): ClientEvents {
  return new ClientColumns().take()
}

/** One client event as words, for the makers of small records. Times are nanoseconds. */
export interface ClientEventRow {
  t: number
  client: number
  kind: ClientEventKind
  reason?: string
  code?: number
  sessionPresent?: boolean
  target?: string
  localPort?: number
}

/** Columns under construction. `take` returns them sorted by time; rows of the same instant keep their order. */
export class ClientColumns {
  #columns = makeClientColumns(1024)
  #reasons = new Map<string, number>([['', 0]])
  #targets = new Map<string, number>([['', 0]])

  get length(): number {
    return this.#columns.length
  }

  reason(word: string): number {
    return indexIn(this.#reasons, word)
  }

  target(word: string): number {
    return indexIn(this.#targets, word)
  }

  add(row: ClientEventRow): void {
    const session = row.sessionPresent === undefined ? -1 : Number(row.sessionPresent)
    const [reason, target] = [this.reason(row.reason ?? ''), this.target(row.target ?? '')]
    this.addRow(
      row.t,
      row.client,
      CLIENT_KIND[row.kind],
      reason,
      row.code ?? -1,
      session,
      target,
      row.localPort,
    )
  }

  /** The same from indices: `kind` of CLIENT_KIND, `reason` and `target` as `reason()` and `target()` gave them. */
  addRow(
    t: number,
    client: number,
    kind: number,
    reason: number,
    code: number,
    session: number,
    target: number,
    localPort = 0,
  ): void {
    const { length } = this.#columns
    if (length === this.#columns.t.length) this.#columns = copyClientColumns(this.#columns, length * 2)
    setClientRow(
      this.#columns,
      this.#columns.length++,
      t,
      client,
      kind,
      reason,
      code,
      session,
      target,
      localPort,
    )
  }

  take(): ClientEvents {
    const columns = this.#columns
    const order = orderOf(columns.t.subarray(0, columns.length))
    return {
      ...(order ? pickClientRows(columns, order) : copyClientColumns(columns)),
      reasons: [...this.#reasons.keys()],
      targets: [...this.#targets.keys()],
    }
  }
}

/** Row numbers in order of time; undefined when the rows are in order already, as they nearly are. */
function orderOf(t: Float64Array): Uint32Array | undefined {
  let sorted = true
  for (let i = 1; i < t.length && sorted; i++) sorted = t[i]! >= t[i - 1]!
  if (sorted) return undefined
  return Uint32Array.from(t.keys()).sort((a, b) => t[a]! - t[b]! || a - b)
}

function indexIn(words: Map<string, number>, word: string): number {
  const known = words.get(word)
  if (known !== undefined) return known
  words.set(word, words.size)
  return words.size - 1
}
