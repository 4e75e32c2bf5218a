import type { AssertionId } from '#weir/facts/index.ts'
import type { Scenario } from '../types.ts'
import { type OnCluster, onCluster } from './on-cluster.ts'

export interface Transferring extends OnCluster {
  from: string
  to: string
  /** False while an update is under way, which a transfer neither waits for nor disturbs. */
  settled: boolean
  /** Of the list of projects. */
  registryNamespace: string
}

/** What can be said beside an update, which replaces pods and moves clients. */
const BESIDE_AN_UPDATE: readonly AssertionId[] = ['immediate', 'available', 'harness-healthy']

/** The scenario of another project for a cluster. */
export function transferring({ from, to, settled, registryNamespace, ...cluster }: Transferring): Scenario {
  const scenario = onCluster('transfer', cluster, {
    name: 'transfer',
    description: `From project ${from} to ${to}.`,
    step: (step) =>
      'action' in step && step.action === 'transfer' ? { ...step, project: to, registryNamespace } : step,
  })
  if (settled) return scenario
  return {
    ...scenario,
    steps: scenario.steps.filter((step) => !('waitFor' in step && step.waitFor === 'cluster-ready')),
    assert: scenario.assert.filter(({ id }) => (BESIDE_AN_UPDATE as readonly string[]).includes(id)),
  }
}
