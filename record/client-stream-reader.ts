import { type Data, type RecordBatch, RecordBatchReader, type Vector } from 'apache-arrow'
import { messageOf } from '#weir/errors/index.ts'
import { CLIENT_KIND, type ClientEvents } from '#weir/facts/index.ts'
import { wholeMessages } from './arrow-lengths.ts'
import { ClientColumns } from './client-columns.ts'
import { LONGEST_RUN_NS } from './run-record.ts'

/**
 * Client events out of the bytes of clients.arrow, sorted by time. A stream that was cut off gives every complete
 * batch before the cut, and `damage` says that it was cut; `damage` is absent when the end marker is there. `fleet`: how many clients there
 * are, 0 if unknown.
 */
export function readClientStream(
  bytes: Uint8Array,
  fleet: number,
): { clients: ClientEvents; damage?: string } {
  const columns = new ClientColumns()
  const whole = bytes.subarray(0, wholeMessages(bytes))
  // Without a list of the fleet, each client has at least one row, which takes more than eight bytes.
  const limits = { clients: fleet || bytes.length / 8, wrong: 0 }
  let damage: string | undefined
  try {
    for (const batch of RecordBatchReader.from(whole)) addBatch(columns, batch as RecordBatch, limits)
    if (limits.wrong > 0) damage = `${limits.wrong} events have a client, a time or a kind that cannot be`
    else if (whole.length < bytes.length) damage = `cut off or damaged after ${columns.length} events`
    else if (!hasEndMarker(bytes))
      damage = 'the stream has no end marker: the run was killed, later events may be missing'
  } catch (error) {
    damage = `cut off after ${columns.length} events (${messageOf(error)})`
  }
  const clients = columns.take()
  return damage === undefined ? { clients } : { clients, damage }
}

function hasEndMarker(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false
  const tail = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8)
  return tail.getInt32(0, true) === -1 && tail.getInt32(4, true) === 0
}

function addBatch(
  columns: ClientColumns,
  batch: RecordBatch,
  limits: { clients: number; wrong: number },
): void {
  const t = values(batch, 't') as BigInt64Array
  const client = values(batch, 'client') as Uint32Array
  const kind = indices(batch, 'kind', (word) => (CLIENT_KIND as Record<string, number>)[word] ?? -1)
  const reason = indices(batch, 'reason', (word) => columns.reason(word))
  const target = indices(batch, 'target', (word) => columns.target(word))
  const code = column(batch, 'code')
  const session = column(batch, 'sessionPresent')
  const codes = code.values as Int16Array
  // Older records do not have it.
  const ports = columnIfAny(batch, 'localPort')
  const rows = Math.min(t.length, client.length, codes.length)
  if (batch.numRows > rows) throw new Error(`a batch of ${batch.numRows} rows has room for ${rows}`)
  for (let i = 0; i < batch.numRows; i++) {
    const kindIndex = kind(i)
    const at = Number(t[i])
    const isPossible = Math.abs(at) <= LONGEST_RUN_NS && client[i]! < limits.clients && kindIndex >= 0
    if (!isPossible) {
      limits.wrong++
      continue
    }
    columns.addRow(
      at,
      client[i]!,
      kindIndex,
      reason(i),
      isNull(code, i) ? -1 : codes[i]!,
      isNull(session, i) ? -1 : bit(session.values as Uint8Array, session.offset + i),
      target(i),
      ports === undefined || isNull(ports, i) ? 0 : (ports.values as Uint16Array)[i]!,
    )
  }
}

function columnIfAny(batch: RecordBatch, name: string): Data | undefined {
  const index = batch.schema.fields.findIndex((field) => field.name === name)
  return index < 0 ? undefined : batch.data.children[index]
}

function column(batch: RecordBatch, name: string): Data {
  const data = columnIfAny(batch, name)
  if (data === undefined) throw new Error(`there is no column "${name}"`)
  return data
}

function values(batch: RecordBatch, name: string): ArrayLike<number | bigint> {
  return column(batch, name).values as ArrayLike<number | bigint>
}

/** A dictionary column as a function of the row: each word of the batch's dictionary is looked up once. */
function indices(
  batch: RecordBatch,
  name: string,
  indexOf: (word: string) => number,
): (row: number) => number {
  const data = column(batch, name)
  const keys = data.values as ArrayLike<number>
  const words = data.dictionary as Vector | undefined
  const table = Array.from({ length: words?.length ?? 0 }, (_, i) => indexOf(String(words?.get(i))))
  return (row) => table[keys[row]!] ?? indexOf('')
}

function isNull(data: Data, row: number): boolean {
  return data.nullCount > 0 && bit(data.nullBitmap, data.offset + row) === 0
}

function bit(bits: Uint8Array, index: number): number {
  return (bits[index >> 3]! >> (index & 7)) & 1
}
