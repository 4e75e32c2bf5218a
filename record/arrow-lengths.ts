/** Bytes that begin every message of an Arrow IPC stream, and the length of its metadata after them. */
const CONTINUATION = 0xffffffff
const PREFIX_BYTES = 8

/**
 * Checks the lengths of an Arrow IPC stream against the bytes that are there, before a reader believes them: of each message its
 * metadata and its body (Arrow columnar format, "Encapsulated message format"). Returns where the last whole message ends.
 */
export function wholeMessages(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  while (at + PREFIX_BYTES <= bytes.length) {
    const length = view.getInt32(at + 4, true)
    if (view.getUint32(at, true) !== CONTINUATION) return at
    if (length === 0) return at + PREFIX_BYTES
    const bodyAt = at + PREFIX_BYTES + length
    if (length < 0 || bodyAt > bytes.length) return at
    const body = bodyLength(view, at + PREFIX_BYTES, bodyAt)
    if (body === undefined || bodyAt + body > bytes.length) return at
    at = bodyAt + body
  }
  return at
}

/** `bodyLength` of the flatbuffer table Message: its fourth field, a 64-bit integer. Undefined where the table makes no sense. */
function bodyLength(view: DataView, fromAt: number, toAt: number): number | undefined {
  const inside = (at: number, size: number) => at >= fromAt && at + size <= toAt
  const tableAt = fromAt + (inside(fromAt, 4) ? view.getUint32(fromAt, true) : Number.NaN)
  if (!inside(tableAt, 4)) return undefined
  const fieldsAt = tableAt - view.getInt32(tableAt, true)
  if (!inside(fieldsAt, 4)) return undefined
  const BODY_FIELD = 4 + 2 * 3
  if (view.getUint16(fieldsAt, true) <= BODY_FIELD) return 0
  if (!inside(fieldsAt + BODY_FIELD, 2)) return undefined
  const offset = view.getUint16(fieldsAt + BODY_FIELD, true)
  if (offset === 0) return 0
  if (!inside(tableAt + offset, 8)) return undefined
  const length = Number(view.getBigInt64(tableAt + offset, true))
  return length < 0 ? undefined : length
}
