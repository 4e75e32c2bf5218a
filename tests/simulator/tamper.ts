import type { ClientEvents, RunRecord } from '#weir/record/index.ts'
import type { Random } from './random.ts'

/** The record with a share of its lines and rows gone, as if they had never been written. */
export function tampered(
  record: RunRecord,
  random: Random,
  share: number,
  part: 'clients' | 'events' | 'scrapes' | 'all',
  types?: string[],
): RunRecord {
  const keep = () => !random.chance(share)
  return {
    ...record,
    clients: part === 'clients' || part === 'all' ? without(record.clients, keep) : record.clients,
    events:
      part === 'events' || part === 'all'
        ? record.events.filter((event) => (types && !types.includes(event.type)) || keep())
        : record.events,
    scrapes: part === 'scrapes' || part === 'all' ? record.scrapes.filter(keep) : record.scrapes,
  }
}

function without(clients: ClientEvents, keep: () => boolean): ClientEvents {
  const rows = Array.from({ length: clients.length }, (_, i) => i).filter(keep)
  return {
    ...clients,
    length: rows.length,
    t: Float64Array.from(rows, (i) => clients.t[i]!),
    client: Uint32Array.from(rows, (i) => clients.client[i]!),
    kind: Uint8Array.from(rows, (i) => clients.kind[i]!),
    reason: Uint16Array.from(rows, (i) => clients.reason[i]!),
    code: Int16Array.from(rows, (i) => clients.code[i]!),
    sessionPresent: Int8Array.from(rows, (i) => clients.sessionPresent[i]!),
    target: Uint16Array.from(rows, (i) => clients.target[i]!),
  }
}
