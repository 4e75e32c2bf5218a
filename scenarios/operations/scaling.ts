import type { AssertionId } from '#weir/facts/index.ts'
import type { Scenario } from '../types.ts'
import { type OnCluster, onCluster } from './on-cluster.ts'

export interface Scaling extends OnCluster {
  /** How many nodes accept clients, before and afterwards. */
  from: number
  to: number
  /** Nodes that go are deleted with their clients on them, instead of being evacuated first. */
  raw: boolean
}

/** What holds even where nodes are deleted with their clients on them. */
const OF_RAW: readonly AssertionId[] = ['conservation', 'messages', 'suback', 'available', 'harness-healthy']

/** The scenario of another number of nodes. */
export function scaling({ from, to, raw, ...cluster }: Scaling): Scenario {
  const like = to > from ? 'scale-out' : raw ? 'scale-in-raw' : 'scale-in-drained'
  const scenario = onCluster(like, cluster, {
    name: 'scale',
    description: `From ${from} nodes that accept clients to ${to}.`,
    step(step) {
      if (!('action' in step)) return step
      if (step.action === 'scale') return { ...step, replicas: to }
      // A user's cluster has its own number of clients, and its own rates.
      if (step.action === 'connect-more') return { ...step, clients: cluster.clients }
      return step.action === 'evacuate' ? { ...step, deadlineSeconds: 'formula' } : step
    },
  })
  // The user asks for the storm, which the scenario shows.
  if (like !== 'scale-in-raw') return scenario
  return {
    ...scenario,
    assert: scenario.assert.filter(({ id }) => (OF_RAW as readonly string[]).includes(id)),
  }
}
