/** Statistics that assertions share. */
export { type Burst, tightestBurst } from './burst.ts'
export { EnvelopeLevel, envelopeBound } from './envelope.ts'
export { quantile, quantileOfSorted } from './quantile.ts'
export { lastAtOrBefore, peakOf, rangeWithin, type StepCount, stepCount } from './step-count.ts'
export { chanceOfAtLeast, evenSpreadPValue } from './tails.ts'
export { theilSenSlope } from './theil-sen.ts'
