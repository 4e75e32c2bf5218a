import type { Scenario } from '../types.ts'
import { type OnCluster, onCluster } from './on-cluster.ts'
import { withStoredData } from './with-stored-data.ts'

export interface ChangingVersion extends OnCluster {
  operation: 'upgrade' | 'downgrade'
  /** EMQX versions. */
  from: string
  to: string
}

/** The scenario of another EMQX version: the update that weir is made for. */
export const changingVersion = ({ operation, from, to, ...cluster }: ChangingVersion): Scenario =>
  withStoredData(
    onCluster('blue-green', cluster, {
      name: operation,
      description: `From EMQX ${from} to ${to}.`,
      step: (step) =>
        'action' in step && step.action === 'upgrade'
          ? { ...step, version: to }
          : 'waitFor' in step && step.waitFor === 'upgraded'
            ? { ...step, deadlineSeconds: 'formula' }
            : step,
    }),
  )
