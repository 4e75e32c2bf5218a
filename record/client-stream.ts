import {
  Bool,
  Dictionary,
  Field,
  Int8,
  Int16,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Uint16,
  Uint32,
  Utf8,
} from 'apache-arrow'
import {
  CLIENT_EVENT_KINDS,
  type ClientEvents,
  copyClientColumns,
  makeClientColumns,
  setClientRow,
} from '#weir/facts/index.ts'
import { WordColumn } from './word-column.ts'

const KIND_TYPE = new Dictionary(new Utf8(), new Int8(), 1)
const REASON_TYPE = new Dictionary(new Utf8(), new Int16(), 2)
const TARGET_TYPE = new Dictionary(new Utf8(), new Int32(), 3)

/** Columns of clients.arrow, in order. Dictionary indices are signed, as pandas, DuckDB and Polars like them. */
export const CLIENT_SCHEMA = new Schema([
  new Field('t', new Int64(), false),
  new Field('client', new Uint32(), false),
  new Field('kind', KIND_TYPE, false),
  new Field('reason', REASON_TYPE, false),
  new Field('target', TARGET_TYPE, false),
  new Field('code', new Int16(), true),
  new Field('sessionPresent', new Bool(), true),
  new Field('localPort', new Uint16(), true),
])

/** Hands every byte to a function at once, instead of into a queue that only promises can empty. */
class SyncStreamWriter extends RecordBatchStreamWriter {
  #take: ((bytes: Uint8Array) => void) | undefined

  constructor(take: (bytes: Uint8Array) => void) {
    super({ autoDestroy: false })
    this.#take = take
  }

  protected override _write(chunk: ArrayBufferView): this {
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    // Copied: small headers are written from buffers that the library uses again.
    if (bytes.byteLength > 0) this.#take?.(bytes.slice())
    return this
  }
}

/**
 * Client events as an Arrow IPC stream. Rows gather in columns until `cut` makes a record batch of them; words that
 * appear for the first time go out before it as a delta of their dictionary, so a reader that meets a cut-off file
 * still understands every complete batch before the cut.
 */
export class ClientStream {
  #writer: SyncStreamWriter
  #rows = makeClientColumns(4096)
  #reasons = new WordColumn()
  #targets = new WordColumn()
  #kinds = new WordColumn(CLIENT_EVENT_KINDS)

  constructor(take: (bytes: Uint8Array) => void) {
    this.#writer = new SyncStreamWriter(take)
    this.#writer.reset(undefined, CLIENT_SCHEMA)
  }

  get waiting(): number {
    return this.#rows.length
  }

  /** Copies the rows; the caller may use its arrays again. Throws on a kind that records do not know. */
  add(batch: ClientEvents): void {
    const reasons = batch.reasons.map((word) => this.#reasons.indexOf(word))
    const targets = batch.targets.map((word) => this.#targets.indexOf(word))
    this.#reserve(this.#rows.length + batch.length)
    for (let i = 0; i < batch.length; i++) {
      const kind = batch.kind[i]!
      if (kind >= CLIENT_EVENT_KINDS.length) throw new Error(`a record has no client event of kind ${kind}`)
      setClientRow(
        this.#rows,
        this.#rows.length++,
        Math.round(batch.t[i]!),
        batch.client[i]!,
        kind,
        reasons[batch.reason[i]!] ?? this.#reasons.indexOf(''),
        batch.code[i]!,
        batch.sessionPresent[i]!,
        targets[batch.target[i]!] ?? this.#targets.indexOf(''),
        batch.localPort[i]!,
      )
    }
  }

  /** Turns the gathered rows into one record batch. */
  cut(): void {
    const rows = copyClientColumns(this.#rows)
    const { length, code, sessionPresent: session, localPort } = rows
    if (length === 0) return
    this.#rows.length = 0
    const children = [
      makeData({ type: new Int64(), length, data: BigInt64Array.from(rows.t, BigInt) }),
      makeData({ type: new Uint32(), length, data: rows.client }),
      makeData({
        type: KIND_TYPE,
        length,
        data: Int8Array.from(rows.kind),
        dictionary: this.#kinds.vector(),
      }),
      makeData({
        type: REASON_TYPE,
        length,
        data: Int16Array.from(rows.reason),
        dictionary: this.#reasons.vector(),
      }),
      makeData({
        type: TARGET_TYPE,
        length,
        data: Int32Array.from(rows.target),
        dictionary: this.#targets.vector(),
      }),
      makeData({ type: new Int16(), length, data: code, ...validity(code) }),
      makeData({
        type: new Bool(),
        length,
        data: bits(session, (value) => value === 1),
        ...validity(session),
      }),
      makeData({ type: new Uint16(), length, data: localPort, ...validity(localPort, 0) }),
    ]
    const type = new Struct(CLIENT_SCHEMA.fields)
    this.#writer.write(new RecordBatch(CLIENT_SCHEMA, makeData({ type, length, nullCount: 0, children })))
  }

  /** The last batch and the stream's end marker. */
  end(): void {
    this.cut()
    this.#writer.finish()
  }

  #reserve(length: number): void {
    let size = this.#rows.t.length
    if (length <= size) return
    while (size < length) size *= 2
    this.#rows = copyClientColumns(this.#rows, size)
  }
}

type Numbers = Int16Array | Int8Array | Uint16Array

/** Arrow's validity bitmap of a column in which `none` means "none". */
function validity(values: Numbers, none = -1): { nullBitmap: Uint8Array; nullCount: number } {
  let nullCount = 0
  for (const value of values) if (value === none) nullCount++
  return { nullBitmap: bits(values, (value) => value !== none), nullCount }
}

/** Packs a column into bits, least significant first, padded to eight bytes as Arrow wants buffers. */
function bits(values: Numbers, isSet: (value: number) => boolean): Uint8Array {
  const packed = new Uint8Array(Math.ceil(values.length / 64) * 8)
  for (let i = 0; i < values.length; i++) if (isSet(values[i]!)) packed[i >> 3]! |= 1 << (i & 7)
  return packed
}
