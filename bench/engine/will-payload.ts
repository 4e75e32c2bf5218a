import { HEADER_BYTES, makeHeader, writeHeader } from '../ledger/header.ts'
import type { LedgerIdentity } from '../ledger/shard-ledger.ts'
import type { FleetClient } from './fleet-client.ts'

/** What a will says whose spec leaves it to the ledger: whose it is, and of which attempt. `nowMs` is on the fleet's clock. */
export function willPayload(
  { tag, anchorMicros }: LedgerIdentity,
  { index, attempts }: Pick<FleetClient, 'index' | 'attempts'>,
  nowMs: number,
): Buffer {
  const header = makeHeader(tag)
  header.will = true
  header.publisher = index
  header.sequence = attempts
  header.plannedMicros = Math.round(anchorMicros + nowMs * 1000)
  const bytes = Buffer.allocUnsafe(HEADER_BYTES)
  writeHeader(bytes, 0, header)
  return bytes
}
