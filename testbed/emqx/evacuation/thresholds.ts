/** By how much donors may exceed recipients on average: by so many, or by this factor. */
export interface Thresholds {
  absolute: number
  relative: number
}

export const mean = (counts: readonly number[]): number =>
  counts.reduce((sum, one) => sum + one, 0) / counts.length

/** EMQX's own rule: balanced when either threshold holds (docs/contract/emqx.md#rebalance). */
export const isWithin = (donors: number, recipients: number, { absolute, relative }: Thresholds): boolean =>
  donors <= recipients + absolute || donors <= recipients * relative
