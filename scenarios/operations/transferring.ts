import type { Scenario } from '../types.ts'
import { type OnCluster, onCluster } from './on-cluster.ts'

export interface Transferring extends OnCluster {
  from: string
  to: string
  /** Of the list of projects. */
  registryNamespace: string
}

/** The scenario of another project for a cluster. */
export const transferring = ({ from, to, registryNamespace, ...cluster }: Transferring): Scenario =>
  onCluster('transfer', cluster, {
    name: 'transfer',
    description: `From project ${from} to ${to}.`,
    step: (step) =>
      'action' in step && step.action === 'transfer' ? { ...step, project: to, registryNamespace } : step,
  })
