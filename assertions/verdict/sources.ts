import type { RunRecord } from '#weir/record/index.ts'
import { scrapeIntervalSeconds as intervalOf } from '#weir/record/view/index.ts'
import { MESSAGES } from '../messages/index.ts'

const text = MESSAGES.sources

/** The record as weir's own scrapes show it. What became of another source's file is no damage to it. */
export function ownSource(record: RunRecord): RunRecord {
  const { prometheus: _, ...own } = record
  return { ...own, damage: record.damage.filter(({ file }) => file !== 'prometheus.ndjson') }
}

/**
 * The record as the scrapes of the Prometheus show it, at the interval at which it made them; weir's own then only show how the pods
 * answered weir. Undefined when the Prometheus scraped nothing.
 */
export function prometheusSource(record: RunRecord): RunRecord | undefined {
  const { prometheus, scrapes: polls, manifest } = record
  if (!prometheus?.some(({ ok }) => ok)) return undefined
  const { parameters } = manifest
  const scrapeIntervalSeconds = intervalOf(prometheus) ?? parameters?.scrapeIntervalSeconds ?? 0
  return {
    ...record,
    manifest: { ...manifest, ...(parameters && { parameters: { ...parameters, scrapeIntervalSeconds } }) },
    scrapes: prometheus,
    polls,
    damage: record.damage.filter(({ file }) => file !== 'metrics.ndjson'),
  }
}

/** The record without a gauge: what is judged otherwise with one rests on it. */
export const blindSource = (record: RunRecord): RunRecord => ({
  ...record,
  scrapes: [],
  polls: record.polls ?? record.scrapes,
})

/** Why the Prometheus shows nothing, as a clause. */
export function whyUnread(record: RunRecord): string {
  const failed = record.prometheus?.length ?? 0
  if (failed > 0) return text.allFailed({ scrapes: failed })
  const last = record.events.findLast((event) => event.type === 'api-failure' && event.api === 'prometheus')
  return last?.type === 'api-failure' ? last.error : text.nothingRecorded
}
