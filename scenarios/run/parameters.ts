import { firstWait } from '#weir/bench/index.ts'
import type { Cluster, Strategy } from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Asked, Parameters } from '#weir/facts/index.ts'
import { isChange } from '../definition/step.ts'
import { targetVersion } from '../load/target-version.ts'
import type { Scenario } from '../types.ts'
import type { Run } from './run.ts'
import type { AskedRebalance } from './state.ts'
import {
  emulatedHealthCheckWaitSeconds,
  emulatedLimitSeconds,
  emulatedLine,
  emulatedPollSeconds,
} from './testbed.ts'

/** Seconds of the last hold after the change: how long the end state must last. */
function holdAfterChange(scenario: Scenario): number {
  const change = scenario.steps.findIndex(isChange)
  const holds = scenario.steps
    .slice(change + 1)
    .flatMap((step) => ('hold' in step ? [step.hold.seconds] : []))
  return holds.at(-1) ?? 0
}

function askedBy(strategy: Strategy): Asked {
  const { connEvictRate, sessEvictRate, waitTakeoverSeconds, initialDelaySeconds, byDefault } = strategy
  return { connEvictRate, sessEvictRate, waitTakeoverSeconds, initialDelaySeconds, byDefault }
}

/** The resources that the scenario's change asks for; undefined where none does, or where it is taken back. */
function resourcesAsked({ steps }: Scenario): Parameters['targetResources'] {
  const actions = steps.flatMap((step) => ('action' in step ? [step] : []))
  if (actions.some(({ action }) => action === 'revert')) return undefined
  return actions.flatMap((step) => (step.action === 'resize' ? [step.resources] : [])).at(-1)
}

interface Known {
  /** Given when the cluster is weir's own. */
  testbed?: Scenario['testbed'] | undefined
  operatorLine?: string | undefined
  /** Clients on a user's cluster outside the fleet. */
  otherClients?: number | undefined
  /** The target version: the scenario's, unless somebody else chose it. */
  version?: string | undefined
}

/**
 * The input of the assertions' bounds: the scenario's numbers and the resource as the server has it. For a user's operator only the
 * behavior of all releases is assumed.
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
  const usesJudgeAs = judgeAs !== undefined && (!evacuates || strategy.byDefault)
  const rates = usesJudgeAs ? judgeAs : strategy
  const { fleet, observe } = scenario
  const healthCheckWaitSeconds =
    strategy.healthCheckWaitSeconds ?? (testbed && emulatedHealthCheckWaitSeconds(testbed))
  const limitWithinSeconds = testbed && emulatedLimitSeconds(testbed, dialect.facts)
  const targetResources = resourcesAsked(scenario)
  const line = (testbed && emulatedLine(testbed)) ?? operatorLine
  return {
    clients: fleet.clients,
    ...(otherClients === 0 ? {} : { otherClients }),
    nodes: strategy.replicas,
    ...(strategy.servingReplicas === strategy.replicas ? {} : { servingNodes: strategy.servingReplicas }),
    connEvictRate: rates.connEvictRate,
    sessEvictRate: rates.sessEvictRate,
    waitTakeoverSeconds: rates.waitTakeoverSeconds,
    initialDelaySeconds: rates.initialDelaySeconds,
    ...(strategy.nodesAtOnce !== undefined && { nodesAtOnce: strategy.nodesAtOnce }),
    pollIntervalSeconds: (testbed && emulatedPollSeconds(testbed)) ?? dialect.releasedPollSeconds,
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
      ...(healthCheckWaitSeconds !== undefined && { healthCheckWaitSeconds }),
      ...(limitWithinSeconds !== undefined && { limitWithinSeconds }),
      evacuates,
    },
    ...(version === undefined ? {} : { targetVersion: version }),
    ...(targetResources && { targetResources }),
    ...(usesJudgeAs && evacuates && { asked: askedBy(strategy) }),
    holdSeconds: holdAfterChange(scenario),
  }
}

/** Rates and thresholds of a rebalance are those of its request, whatever the resource says of updates. */
function rebalanced({ request, sides }: AskedRebalance): Partial<Parameters> {
  const { connEvictRate, sessEvictRate, waitTakeoverSeconds, absConnThreshold, relConnThreshold } = request
  return {
    ...{ connEvictRate, sessEvictRate, waitTakeoverSeconds },
    ...(sides && { rebalance: { ...sides, absConnThreshold, relConnThreshold } }),
  }
}

/** Rates that change on the way: all of them in their order, and the highest as those of the run. Nothing where they do not. */
function changedRates(
  { state: { changedTo: before, rebalance, lastChangeT }, clock }: Run,
  now: Parameters,
): Partial<Parameters> {
  if (!before || rebalance) return {}
  // The resource does not say any more how it is to be evacuated: what goes on goes on as it began.
  if (now.connEvictRate === 0) return strategyOf(before)
  const last = before.rates?.at(-1) ?? { t: 0, ...ratesOf(before) }
  const rates = before.rates ?? [last]
  const isSame = last.connEvictRate === now.connEvictRate && last.sessEvictRate === now.sessEvictRate
  const all = isSame ? rates : [...rates, { t: lastChangeT ?? clock.now(), ...ratesOf(now) }]
  if (all.length === 1) return {}
  const most = (rate: keyof ReturnType<typeof ratesOf>) => Math.max(...all.map((one) => one[rate]))
  return { rates: all, connEvictRate: most('connEvictRate'), sessEvictRate: most('sessEvictRate') }
}

const strategyOf = ({
  rates,
  connEvictRate,
  sessEvictRate,
  waitTakeoverSeconds,
  initialDelaySeconds,
  dialect,
}: Parameters) => ({
  ...(rates && { rates }),
  ...{ connEvictRate, sessEvictRate, waitTakeoverSeconds, initialDelaySeconds, dialect },
})

const ratesOf = ({ connEvictRate, sessEvictRate }: Parameters) => ({ connEvictRate, sessEvictRate })

/** Records the parameters in the manifest. Reads the resource if it is not given. */
export async function recordParameters(run: Run, read?: KubeObject): Promise<void> {
  const resource = read ?? (await run.cluster.resource())
  const { scenario, cluster, testbed, otherClients, state } = run
  const parameters = resolveParameters(scenario, cluster.dialect, resource, {
    testbed,
    operatorLine: cluster.operator.line,
    otherClients,
    version: state.trigger?.version,
  })
  const { refusedChance } = state
  const known = {
    ...parameters,
    ...changedRates(run, parameters),
    ...(refusedChance !== undefined && { refusedChance }),
    ...(state.rebalance && rebalanced(state.rebalance)),
  }
  state.parametersResolved(known)
  await run.record.manifest({ parameters: known })
}
