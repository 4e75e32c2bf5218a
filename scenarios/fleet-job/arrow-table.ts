import {
  type Data,
  Field,
  Float64,
  Int8,
  Int16,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  Uint8,
  Uint16,
  Uint32,
  Utf8,
} from 'apache-arrow'

export type Numbers = Float64Array | Uint32Array | Uint16Array | Uint8Array | Int16Array | Int8Array

/** A table by its columns, which are all as long. */
export interface Columns {
  length: number
  columns: Readonly<Record<string, Numbers | readonly string[]>>
}

/** A table as one Arrow IPC stream, complete in itself. */
export function toArrow({ length, columns }: Columns): Uint8Array {
  const parts = Object.entries(columns).map(([name, values]) => {
    const data = dataOf(values, length)
    return { field: new Field(name, data.type, false), data }
  })
  const schema = new Schema(parts.map(({ field }) => field))
  const children = parts.map(({ data }) => data)
  const type = new Struct(schema.fields)
  const batch = new RecordBatch(schema, makeData({ type, length, nullCount: 0, children }))
  return tableToIPC(new Table([batch]), 'stream')
}

/** The columns of a stream that `toArrow` made, in memory of their own. Throws for what is none. */
export function fromArrow(bytes: Uint8Array): Columns {
  // Columns are read in place, which needs them where numbers may begin.
  const [batch] = tableFromIPC(new Uint8Array(bytes)).batches
  if (!batch) return { length: 0, columns: {} }
  const length = batch.numRows
  const columns = Object.fromEntries(
    batch.schema.fields.map(({ name }, i) => {
      const data = batch.data.children[i]!
      if (data.type instanceof Utf8) return [name, textsOf(data, length)]
      return [name, (data.values as Numbers).slice(0, length)]
    }),
  )
  return { length, columns }
}

function dataOf(values: Numbers | readonly string[], length: number): Data {
  if (values instanceof Float64Array) return makeData({ type: new Float64(), length, data: values })
  if (values instanceof Uint32Array) return makeData({ type: new Uint32(), length, data: values })
  if (values instanceof Uint16Array) return makeData({ type: new Uint16(), length, data: values })
  if (values instanceof Uint8Array) return makeData({ type: new Uint8(), length, data: values })
  if (values instanceof Int16Array) return makeData({ type: new Int16(), length, data: values })
  if (values instanceof Int8Array) return makeData({ type: new Int8(), length, data: values })
  const texts = values.map((text) => Buffer.from(text))
  const valueOffsets = new Int32Array(length + 1)
  for (const [i, text] of texts.entries()) valueOffsets[i + 1] = valueOffsets[i]! + text.length
  return makeData({ type: new Utf8(), length, valueOffsets, data: new Uint8Array(Buffer.concat(texts)) })
}

function textsOf(data: Data, length: number): string[] {
  const bytes = Buffer.from(data.values as Uint8Array)
  const { valueOffsets } = data
  return Array.from({ length }, (_, i) => bytes.toString('utf8', valueOffsets[i], valueOffsets[i + 1]))
}
