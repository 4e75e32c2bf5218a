import type { NodeDrain } from './drained-nodes.ts'
import type { ClientRow } from './recording.ts'

/** A recorder that closes its clients leaves hardly any connected. */
const STILL_CONNECTED = 0.1

/**
 * When the recorder closed its own clients: from then on there are only closes that no server announced, and after
 * them hardly any client is connected. Undefined if the recording simply ends. Unix milliseconds.
 *
 * Without this every recording would end with the loss of all clients.
 */
export function closingTime(rows: readonly ClientRow[], drains: readonly NodeDrain[]): number | undefined {
  const open = new Map<string, boolean>()
  for (const row of rows) open.set(row.client, row.event === 'connack' && row.rc === 0)
  const connected = [...open.values()].filter(Boolean).length
  if (connected > STILL_CONNECTED * open.size) return undefined
  const lost = announcedLosses(rows)
  let closingMs: number | undefined
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i]!
    if (row.event !== 'close' || lost.has(i) || isEviction(row, drains)) break
    closingMs = row.tMs
  }
  return closingMs
}

/** Closes that follow a DISCONNECT of the server: indices. */
function announcedLosses(rows: readonly ClientRow[]): Set<number> {
  const told = new Set<string>()
  const losses = new Set<number>()
  rows.forEach((row, i) => {
    if (row.event === 'disconnect') told.add(row.client)
    else if (row.event === 'close' && told.delete(row.client)) losses.add(i)
    else if (row.event === 'connack') told.delete(row.client)
  })
  return losses
}

function isEviction(row: ClientRow, drains: readonly NodeDrain[]): boolean {
  return drains.some((drain) => {
    if (drain.node !== row.node || row.tMs < drain.notBeforeMs) return false
    const at = drain.states.findLast((one) => one.seenMs <= row.tMs)
    return at === undefined || at.state === 'evicting_conns' || at.state === 'waiting_health_check'
  })
}
