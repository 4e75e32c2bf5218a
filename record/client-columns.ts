import { CLIENT_EVENT_KINDS, type ClientEventKind, type ClientEvents } from './clients.ts'

/** No client events. */
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
}

/** Columns under construction. `take` returns them sorted by time; rows of the same instant keep their order. */
export class ClientColumns {
  #length = 0
  #t = new Float64Array(1024)
  #client = new Uint32Array(1024)
  #kind = new Uint8Array(1024)
  #reason = new Uint16Array(1024)
  #code = new Int16Array(1024)
  #session = new Int8Array(1024)
  #target = new Uint16Array(1024)
  #reasons = new Map<string, number>([['', 0]])
  #targets = new Map<string, number>([['', 0]])

  get length(): number {
    return this.#length
  }

  reason(word: string): number {
    return indexIn(this.#reasons, word)
  }

  target(word: string): number {
    return indexIn(this.#targets, word)
  }

  add(row: ClientEventRow): void {
    const kind = CLIENT_EVENT_KINDS.indexOf(row.kind)
    const session = row.sessionPresent === undefined ? -1 : Number(row.sessionPresent)
    const reason = this.reason(row.reason ?? '')
    this.addRow(row.t, row.client, kind, reason, row.code ?? -1, session, this.target(row.target ?? ''))
  }

  /** The same from indices: `kind` of CLIENT_EVENT_KINDS, `reason` and `target` as `reason()` and `target()` gave them. */
  addRow(
    t: number,
    client: number,
    kind: number,
    reason: number,
    code: number,
    session: number,
    target: number,
  ): void {
    if (this.#length === this.#t.length) this.#grow()
    const i = this.#length++
    this.#t[i] = t
    this.#client[i] = client
    this.#kind[i] = kind
    this.#reason[i] = reason
    this.#code[i] = code
    this.#session[i] = session
    this.#target[i] = target
  }

  take(): ClientEvents {
    const order = orderOf(this.#t.subarray(0, this.#length))
    return {
      length: this.#length,
      t: picked(this.#t, order, new Float64Array(this.#length)),
      client: picked(this.#client, order, new Uint32Array(this.#length)),
      kind: picked(this.#kind, order, new Uint8Array(this.#length)),
      reason: picked(this.#reason, order, new Uint16Array(this.#length)),
      reasons: [...this.#reasons.keys()],
      code: picked(this.#code, order, new Int16Array(this.#length)),
      sessionPresent: picked(this.#session, order, new Int8Array(this.#length)),
      target: picked(this.#target, order, new Uint16Array(this.#length)),
      targets: [...this.#targets.keys()],
    }
  }

  #grow(): void {
    const size = this.#t.length * 2
    this.#t = copied(this.#t, new Float64Array(size))
    this.#client = copied(this.#client, new Uint32Array(size))
    this.#kind = copied(this.#kind, new Uint8Array(size))
    this.#reason = copied(this.#reason, new Uint16Array(size))
    this.#code = copied(this.#code, new Int16Array(size))
    this.#session = copied(this.#session, new Int8Array(size))
    this.#target = copied(this.#target, new Uint16Array(size))
  }
}

type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array | Int16Array | Int8Array

/** Row numbers in order of time; undefined when the rows are in order already, as they nearly are. */
function orderOf(t: Float64Array): Uint32Array | undefined {
  let sorted = true
  for (let i = 1; i < t.length && sorted; i++) sorted = t[i]! >= t[i - 1]!
  if (sorted) return undefined
  return Uint32Array.from(t.keys()).sort((a, b) => t[a]! - t[b]! || a - b)
}

function picked<C extends Column>(from: C, order: Uint32Array | undefined, to: C): C {
  if (order === undefined) to.set(from.subarray(0, to.length))
  else for (let i = 0; i < to.length; i++) to[i] = from[order[i]!]!
  return to
}

function copied<C extends Column>(from: C, to: C): C {
  to.set(from)
  return to
}

function indexIn(words: Map<string, number>, word: string): number {
  const known = words.get(word)
  if (known !== undefined) return known
  words.set(word, words.size)
  return words.size - 1
}
