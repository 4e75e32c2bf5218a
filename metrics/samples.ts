import type { MetricFamilies } from '#weir/facts/index.ts'

export interface Sample {
  /** What follows the family's name: of histograms. */
  suffix?: '_bucket' | '_sum' | '_count'
  labels: Record<string, string>
  value: number
}

/** The samples of each family at one moment. A family without any is not shown. */
export type Samples<Families extends MetricFamilies> = Record<keyof Families, readonly Sample[]>

/** One sample without labels. */
export const plain = (value: number): Sample[] => [{ labels: {}, value }]

/** One sample for each value of one label. */
export const byLabel = (label: string, values: Iterable<readonly [string, number]>): Sample[] =>
  [...values].map(([name, value]) => ({ labels: { [label]: name }, value }))

/** The label's current value is 1, and those it had before are 0. */
export const current = (label: string, seen: Iterable<string>, now: string | undefined): Sample[] =>
  byLabel(
    label,
    [...seen].map((one) => [one, one === now ? 1 : 0]),
  )
