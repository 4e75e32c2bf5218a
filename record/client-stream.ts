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
  Uint32,
  Utf8,
} from 'apache-arrow'
import type { ClientBatchLike } from './client-batch.ts'
import { CLIENT_EVENT_KINDS } from './clients.ts'
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
  #length = 0
  #t = new BigInt64Array(4096)
  #client = new Uint32Array(4096)
  #kind = new Int8Array(4096)
  #reason = new Int16Array(4096)
  #target = new Int32Array(4096)
  #code = new Int16Array(4096)
  #session = new Int8Array(4096)
  #reasons = new WordColumn()
  #targets = new WordColumn()
  #kinds = new WordColumn(CLIENT_EVENT_KINDS)

  constructor(take: (bytes: Uint8Array) => void) {
    this.#writer = new SyncStreamWriter(take)
    this.#writer.reset(undefined, CLIENT_SCHEMA)
  }

  get waiting(): number {
    return this.#length
  }

  /** Copies the rows; the caller may use its arrays again. Throws on a kind that records do not know. */
  add(batch: ClientBatchLike): void {
    const kinds = batch.kinds.map((word) => {
      const index = CLIENT_EVENT_KINDS.indexOf(word as (typeof CLIENT_EVENT_KINDS)[number])
      if (index < 0) throw new Error(`a record has no client event of kind "${word}"`)
      return index
    })
    const reasons = batch.reasons.map((word) => this.#reasons.indexOf(word))
    const targets = batch.targets.map((word) => this.#targets.indexOf(word))
    this.#reserve(this.#length + batch.length)
    for (let i = 0; i < batch.length; i++) {
      const row = this.#length + i
      this.#t[row] = BigInt(Math.round(batch.t[i]!))
      this.#client[row] = batch.client[i]!
      this.#kind[row] = kinds[batch.kind[i]!]!
      this.#reason[row] = reasons[batch.reason[i]!] ?? this.#reasons.indexOf('')
      this.#target[row] = targets[batch.target[i]!] ?? this.#targets.indexOf('')
      this.#code[row] = batch.code[i]!
      this.#session[row] = batch.sessionPresent[i]!
    }
    this.#length += batch.length
  }

  /** Turns the gathered rows into one record batch. */
  cut(): void {
    const length = this.#length
    if (length === 0) return
    this.#length = 0
    const code = this.#code.slice(0, length)
    const session = this.#session.subarray(0, length)
    const children = [
      makeData({ type: new Int64(), length, data: this.#t.slice(0, length) }),
      makeData({ type: new Uint32(), length, data: this.#client.slice(0, length) }),
      makeData({
        type: KIND_TYPE,
        length,
        data: this.#kind.slice(0, length),
        dictionary: this.#kinds.vector(),
      }),
      makeData({
        type: REASON_TYPE,
        length,
        data: this.#reason.slice(0, length),
        dictionary: this.#reasons.vector(),
      }),
      makeData({
        type: TARGET_TYPE,
        length,
        data: this.#target.slice(0, length),
        dictionary: this.#targets.vector(),
      }),
      makeData({ type: new Int16(), length, data: code, ...validity(code) }),
      makeData({
        type: new Bool(),
        length,
        data: bits(session, (value) => value === 1),
        ...validity(session),
      }),
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
    let size = this.#client.length
    if (length <= size) return
    while (size < length) size *= 2
    this.#t = grown(this.#t, new BigInt64Array(size))
    this.#client = grown(this.#client, new Uint32Array(size))
    this.#kind = grown(this.#kind, new Int8Array(size))
    this.#reason = grown(this.#reason, new Int16Array(size))
    this.#target = grown(this.#target, new Int32Array(size))
    this.#code = grown(this.#code, new Int16Array(size))
    this.#session = grown(this.#session, new Int8Array(size))
  }
}

function grown<A extends { set(from: A): void }>(from: A, to: A): A {
  to.set(from)
  return to
}

/** Arrow's validity bitmap of a column in which -1 means "none". */
function validity(values: Int16Array | Int8Array): { nullBitmap: Uint8Array; nullCount: number } {
  let nullCount = 0
  for (const value of values) if (value === -1) nullCount++
  return { nullBitmap: bits(values, (value) => value !== -1), nullCount }
}

/** Packs a column into bits, least significant first, padded to eight bytes as Arrow wants buffers. */
function bits(values: Int16Array | Int8Array, isSet: (value: number) => boolean): Uint8Array {
  const packed = new Uint8Array(Math.ceil(values.length / 64) * 8)
  for (let i = 0; i < values.length; i++) if (isSet(values[i]!)) packed[i >> 3]! |= 1 << (i & 7)
  return packed
}
