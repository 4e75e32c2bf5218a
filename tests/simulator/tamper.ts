import { type ClientEvents, pickClientRows } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
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
  return pickClientRows(clients, Array.from(clients.t.subarray(0, clients.length).keys()).filter(keep))
}
