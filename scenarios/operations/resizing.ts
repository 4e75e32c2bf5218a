import { resourcesText } from '#weir/facts/index.ts'
import type { Scenario, Step } from '../types.ts'
import { type OnCluster, onCluster } from './on-cluster.ts'

export interface Resizing extends OnCluster {
  quota: string
  /** Of the quota. */
  resources: Extract<Step, { action: 'resize' }>['resources']
}

/** The scenario of nodes of another size: every pod is replaced, as in an update. */
export const resizing = ({ quota, resources, ...cluster }: Resizing): Scenario =>
  onCluster('resize-up', cluster, {
    name: 'resize',
    description: `Every node gets the quota ${quota}: ${resourcesText(resources)}.`,
    step: (step) =>
      'action' in step && step.action === 'resize'
        ? { ...step, resources }
        : 'waitFor' in step && step.waitFor === 'upgraded'
          ? { ...step, deadlineSeconds: 'formula' }
          : step,
  })
