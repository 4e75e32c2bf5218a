import type { RunRecord } from './run-record.ts'
import { openRecord } from './writer.ts'

/** Writes a record that exists in memory as a folder. Throws WEIR_RECORD_EXISTS or WEIR_DISK. */
export async function writeRecord(record: RunRecord, dir: string): Promise<void> {
  const { end, ...manifest } = record.manifest
  const writer = await openRecord(dir, manifest, {
    prometheus: record.prometheus !== undefined,
    logs: record.logs !== undefined,
  })
  await writer.fleet(record.fleet)
  for (const event of record.events) writer.event(event)
  for (const scrape of record.scrapes) writer.scrape(scrape)
  for (const scrape of record.prometheus ?? []) writer.prometheus(scrape)
  for (const row of record.logs ?? []) writer.log(row)
  writer.clients(record.clients)
  if (record.messages) await writer.messages(record.messages)
  await writer.close(end ?? { t: record.clients.t.at(-1) ?? 0, how: 'completed' })
}
