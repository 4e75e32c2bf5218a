import type { FleetTable, Manifest, Messages, RecordEvent, Scrape } from '#weir/facts/index.ts'
import type { ClientEventRow, RunRecord } from '#weir/record/index.ts'
import { recordOf } from '#weir/record/index.ts'
import type { Settings } from './settings.ts'

/** Nanoseconds, whole, as a record has them. */
export const ns = (seconds: number) => Math.round(seconds * 1e9)

/** What the simulated harness writes down, and the record made of it. */
export class Recorder {
  readonly rows: ClientEventRow[] = []
  readonly events: RecordEvent[] = []
  readonly scrapes: Scrape[] = []
  readonly prometheus: Scrape[] = []
  #heardT = new Map<string, number>()

  /** A fact that a watch brings `lag` seconds later; facts of one watch stay in order. */
  heard(kind: string, t: number, event: RecordEvent): void {
    const at = Math.max(t, this.#heardT.get(kind) ?? 0)
    this.#heardT.set(kind, at)
    this.events.push({ ...event, t: ns(at) } as RecordEvent)
  }

  record(settings: Settings, fleet: FleetTable, end: Manifest['end'], messages?: Messages): RunRecord {
    return recordOf({
      parameters: settings.parameters,
      manifest: {
        weir: '0.1.0',
        scenario: { name: 'simulated', resolved: null },
        seed: settings.seed,
        asserts: settings.asserts.map((id) => ({ id })),
        ...(end && { end }),
      },
      fleet,
      clients: this.rows.sort((a, b) => a.t - b.t),
      events: this.events,
      scrapes: this.scrapes,
      ...(settings.prometheusSeconds && { prometheus: this.prometheus }),
      ...(messages && { messages }),
    })
  }
}
