import { lostPods } from '#weir/record/view/index.ts'
import { MESSAGES } from '../../messages/index.ts'
import { lossWords } from '../lost-pods.ts'
import { type CauseKind, isOpen } from './cause.ts'

/** Pods of weir's own fleet that were lost: what was judged inconclusive for that. */
export const lostFleetPods: CauseKind = ({ run }) =>
  lostPods(run.record).length === 0
    ? []
    : [
        {
          id: 'fleet-pod-lost',
          title: MESSAGES.verdict.podsLost({ losses: lossWords(run) }),
          link: 'docs/fleet-job.md#what-is-judged',
          explains: (finding) => isOpen(finding) && finding.settle === MESSAGES.verdict.podLostSettle,
        },
      ]
