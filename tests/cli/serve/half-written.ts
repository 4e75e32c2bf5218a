import { join } from 'node:path'
import { openRecord, type RecordWriter } from '#weir/record/index.ts'
import { smallRecord } from '../../reports/small-report.ts'

/** A run under way: `more` writes the second half of its record. */
export interface HalfWritten {
  writer: RecordWriter
  more(): Promise<void>
}

/** Makes records in a folder of which only the first half is written yet. */
export const halfWrittenIn =
  (folder: string) =>
  async (name: string): Promise<HalfWritten> => {
    const { manifest, fleet, events, scrapes, clients } = smallRecord()
    const { end: _, ...begun } = manifest
    const writer = await openRecord(join(folder, name), begun)
    await writer.fleet(fleet)
    const half = Math.ceil(events.length / 2)
    for (const event of events.slice(0, half)) writer.event(event)
    await writer.flush()
    return {
      writer,
      async more() {
        for (const event of events.slice(half)) writer.event(event)
        for (const scrape of scrapes) writer.scrape(scrape)
        writer.clients(clients)
        await writer.flush()
      },
    }
  }
