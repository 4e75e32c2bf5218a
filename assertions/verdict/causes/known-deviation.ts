import { knownDeviations } from '../../deviations/index.ts'
import { MESSAGES } from '../../messages/index.ts'
import type { CauseKind } from './cause.ts'

/** Failures that a known deviation of a release explains: the label says which. */
export const knownDeviation: CauseKind = ({ findings }) =>
  knownDeviations
    .filter(({ id }) => findings.some(({ deviation }) => deviation === id))
    .map(({ id, source }) => ({
      id,
      title: MESSAGES.deviations[id],
      link: source,
      explains: ({ deviation }) => deviation === id,
    }))
