import type { RunRecord } from '#weir/record/index.ts'
import { type Mutation, SECOND } from '../mutation.ts'

const READ_FROM_SCRAPES = [
  'gauge-truth',
  'eviction-slope',
  'conservation',
  'harness-healthy',
  'drained-before-delete',
  'downtime',
] as const

/** Scrapes are missing, or come from another clock. */
export const SCRAPE_MUTATIONS: Mutation[] = [
  {
    name: 'a third of the scrapes is gone, at random',
    of: 'knowledge',
    variants: 5,
    apply: (record, random) => withScrapes(record, () => !random.chance(1 / 3)),
    mayOpen: READ_FROM_SCRAPES,
  },
  {
    name: 'a third of the scrapes is gone, in one piece',
    of: 'knowledge',
    variants: 8,
    apply: (record, _random, variant) => {
      const endT = record.manifest.end?.t ?? 0
      const fromT = (endT * variant) / 12
      return withScrapes(record, ({ t }) => t < fromT || t > fromT + endT / 3)
    },
    mayOpen: READ_FROM_SCRAPES,
  },
  {
    name: 'the scrapes end early',
    of: 'knowledge',
    variants: 5,
    apply: (record, _random, variant) => {
      const endT = record.manifest.end?.t ?? 0
      return withScrapes(record, ({ t }) => t < endT * (0.15 + 0.15 * variant))
    },
    mayOpen: READ_FROM_SCRAPES,
  },
  {
    name: 'counts have holes of ten seconds',
    of: 'knowledge',
    variants: 5,
    apply: (record, random) => {
      const endT = record.manifest.end?.t ?? 0
      const holes = [...new Set(record.scrapes.map(({ pod }) => pod))].map(
        (pod) => [pod, random.between(0, endT)] as const,
      )
      return withScrapes(
        record,
        ({ pod, t }) => !holes.some(([one, fromT]) => one === pod && t > fromT && t < fromT + 10 * SECOND),
      )
    },
    mayOpen: READ_FROM_SCRAPES,
  },
  ...[-10, -5, -2, -1, 1, 2, 5, 10].map(
    (seconds): Mutation => ({
      name: `the clock of the scrapes is ${seconds} s off`,
      of: 'knowledge',
      apply: (record) => {
        if (record.scrapes.length === 0) return undefined
        const scrapes = record.scrapes.map((scrape) => ({ ...scrape, t: scrape.t + seconds * SECOND }))
        return { ...record, scrapes }
      },
      mayOpen: READ_FROM_SCRAPES,
    }),
  ),
]

function withScrapes(
  record: RunRecord,
  keep: (scrape: RunRecord['scrapes'][number]) => boolean,
): RunRecord | undefined {
  return record.scrapes.length === 0 ? undefined : { ...record, scrapes: record.scrapes.filter(keep) }
}
