import { firstWait } from '#weir/bench/index.ts'
import type { Cluster, Strategy } from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Asked, Parameters } from '#weir/facts/index.ts'
import { targetVersion } from '../load/target-version.ts'
import type { Scenario } from '../types.ts'
import type { Run } from './run.ts'

/** Seconds of the last hold after the change: how long the end state has to last. */
function holdAfterChange(scenario: Scenario): number {
  const change = scenario.steps.findIndex(
    (step) =>
      ('action' in step && ['upgrade', 'patch'].includes(step.action)) ||
      ('waitFor' in step && step.waitFor === 'change-begun'),
  )
  const holds = scenario.steps
    .slice(change + 1)
    .flatMap((step) => ('hold' in step ? [step.hold.seconds] : []))
  return holds.at(-1) ?? 0
}

function askedBy(strategy: Strategy): Asked {
  const { connEvictRate, sessEvictRate, waitTakeoverSeconds, initialDelaySeconds, byDefault } = strategy
  return { connEvictRate, sessEvictRate, waitTakeoverSeconds, initialDelaySeconds, byDefault }
}

/** What neither the scenario nor the resource says. */
interface Known {
  /** Given when the cluster is weir's own. */
  testbed?: Scenario['testbed'] | undefined
  operatorLine?: string | undefined
  /** Clients of a user's cluster that are not the fleet's. */
  otherClients?: number | undefined
  /** The version that the pods are changed to: the scenario's, unless somebody else chose it. */
  version?: string | undefined
}

/**
 * What the bounds of the assertions are computed from: the scenario's numbers and the resource as the server keeps it.
 * Of a user's operator only what all releases do is assumed.
 */
export function resolveParameters(
  scenario: Scenario,
  dialect: Cluster['dialect'],
  resource: Awaited<ReturnType<Cluster['resource']>>,
  { testbed, operatorLine, otherClients = 0, version = targetVersion(scenario) }: Known = {},
): Parameters {
  const strategy = dialect.readStrategy(resource)
  const evacuates = strategy.connEvictRate > 0
  const { judgeAs } = scenario.cluster
  const isHeldToOthers = judgeAs !== undefined && (!evacuates || strategy.byDefault)
  const rates = isHeldToOthers ? judgeAs : strategy
  const { fleet, observe } = scenario
  const line = testbed?.operator ?? operatorLine
  return {
    clients: fleet.clients,
    ...(otherClients === 0 ? {} : { otherClients }),
    nodes: strategy.replicas,
    ...(strategy.servingReplicas === strategy.replicas ? {} : { servingNodes: strategy.servingReplicas }),
    connEvictRate: rates.connEvictRate,
    sessEvictRate: rates.sessEvictRate,
    waitTakeoverSeconds: rates.waitTakeoverSeconds,
    initialDelaySeconds: rates.initialDelaySeconds,
    pollIntervalSeconds: testbed?.pollIntervalSeconds ?? dialect.releasedPollSeconds,
    scrapeIntervalSeconds: observe.scrapeIntervalSeconds,
    sampleIntervalSeconds: observe.sampleIntervalSeconds,
    reconnect: {
      policy: 'preset' in fleet.reconnect ? fleet.reconnect.preset : fleet.reconnect.kind,
      // Each old node may evict a client once.
      ...firstWait(fleet.reconnect, strategy.replicas),
    },
    dialect: {
      ...dialect.facts,
      ...(line !== undefined && { operator: line }),
      ...(testbed?.healthCheckWaitSeconds !== undefined && {
        healthCheckWaitSeconds: testbed.healthCheckWaitSeconds,
      }),
      evacuates,
    },
    ...(version === undefined ? {} : { targetVersion: version }),
    ...(isHeldToOthers && evacuates && { asked: askedBy(strategy) }),
    holdSeconds: holdAfterChange(scenario),
  }
}

/** Puts the parameters into the manifest, as soon as there is a resource to read them from; it is read if not given. */
export async function recordParameters(run: Run, read?: KubeObject): Promise<void> {
  const resource = read ?? (await run.cluster.resource())
  const { scenario, cluster, testbed, otherClients, state } = run
  const parameters = resolveParameters(scenario, cluster.dialect, resource, {
    testbed,
    operatorLine: cluster.operator.line,
    otherClients,
    version: state.trigger?.version,
  })
  state.parametersResolved(parameters)
  await run.record.manifest({ parameters })
}
