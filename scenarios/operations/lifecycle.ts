import type { Sizes } from '#weir/cluster/index.ts'
import { stepName } from '../definition/step.ts'
import type { Scenario, Step } from '../types.ts'
import { type OnCluster, onCluster } from './on-cluster.ts'

/** What a scenario of the emulation holds to shorter times. */
const OF_TIME: readonly string[] = ['stopped', 'order-of-deletion']

/** A real cluster gives its pods their grace period: it has the assertion's own time for that. */
const withOwnBounds = (scenario: Scenario): Scenario => ({
  ...scenario,
  assert: scenario.assert.map(({ id, ...rest }) => (OF_TIME.includes(id) ? { id } : { id, ...rest })),
})

const patient = (step: Step): Step =>
  'waitFor' in step && ['stopped', 'running', 'fleet-connected', 'gone'].includes(step.waitFor)
    ? { ...step, deadlineSeconds: 300 }
    : step

/** The scenario of a cluster that is stopped. */
export function stopping(cluster: OnCluster): Scenario {
  const scenario = withOwnBounds(
    onCluster('stop-start', cluster, {
      name: 'stop',
      description: 'No node is left; the resource, its Service and its volumes stay.',
      step: patient,
    }),
  )
  const starts = scenario.steps.findIndex((step) => stepName(step) === 'start')
  // Nobody is to be back.
  return {
    ...scenario,
    steps: scenario.steps.slice(0, starts),
    assert: only(scenario, ['stopped', 'harness-healthy']),
  }
}

export interface Starting extends OnCluster {
  to: Sizes
}

/** The scenario of a stopped cluster that is started: clients come when it runs. */
export function starting({ to, ...cluster }: Starting): Scenario {
  const scenario = onCluster('stop-start', cluster, {
    name: 'start',
    description: `With ${to.cores} cores${to.replicants > 0 ? ` and ${to.replicants} replicants` : ''}.`,
    step: patient,
  })
  const fleet = scenario.steps.filter((step) => stepName(step) === 'start-fleet')
  const starts = scenario.steps.findIndex((step) => stepName(step) === 'start')
  const [start, running, ...after] = scenario.steps.slice(starts)
  const [apply] = scenario.steps
  return {
    ...scenario,
    steps: [
      apply!,
      { ...(start as Extract<Step, { action: 'start' }>), ...to },
      running!,
      ...fleet,
      ...after,
    ],
    assert: only(scenario, ['membership-exact', 'state-truth', 'conservation', 'harness-healthy']),
  }
}

export interface Deleting extends OnCluster {
  /** It has no nodes, so it need not be stopped. */
  isStopped: boolean
}

/** The scenario of a cluster that is deleted. */
export function deleting({ isStopped, dialect, clients }: Deleting): Scenario {
  // Nobody can connect to a cluster without nodes.
  const cluster = { dialect, clients: isStopped ? 0 : clients }
  const scenario = withOwnBounds(
    onCluster('delete', cluster, {
      name: 'delete',
      description: 'It is stopped, its resource is deleted, and nothing of it is left but volumes.',
      step: patient,
    }),
  )
  if (!isStopped) return scenario
  const needsNodes = ['cluster-ready', 'stop', 'stopped']
  return {
    ...scenario,
    steps: scenario.steps.filter((step) => !needsNodes.includes(stepName(step))),
    assert: only(scenario, ['order-of-deletion', 'harness-healthy']),
  }
}

const only = ({ assert }: Scenario, ids: readonly string[]) => assert.filter(({ id }) => ids.includes(id))
