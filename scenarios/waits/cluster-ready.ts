import { serving } from '#weir/facts/index.ts'
import { recordParameters } from '../run/parameters.ts'
import type { Run } from '../run/run.ts'
import { rememberBefore } from './change-begun.ts'
import { needsService } from './needs-service.ts'
import { some, type Wait } from './wait.ts'

/** Time that an operator needs for its first change after a poll. */
const PASS_SECONDS = 5

/**
 * Why the status is not reliable yet: a v1beta4 status names no generation, and does not change until the operator's next poll.
 */
function stale({ state, clock, testbed, cluster }: Run): string | undefined {
  const { configuredAt } = state
  if (configuredAt === undefined) return undefined
  const since = (clock.now() - configuredAt) / 1e9
  const enough = (testbed?.pollIntervalSeconds ?? cluster.dialect.releasedPollSeconds) + PASS_SECONDS
  return since < enough
    ? `the operator has had ${Math.floor(since)} s of ${enough} s to see the change`
    : undefined
}

function poll(run: Run): string | undefined {
  const { live, cluster, state } = run
  const { resource, endpoints, pods } = live
  const what = `${cluster.dialect.kind} ${cluster.name}`
  const wanted = state.parameters?.nodes
  if (!resource || resource.deleted) return `${what} does not exist`
  if (wanted !== undefined && pods.length !== wanted) return `there are ${pods.length} pods of ${wanted}`
  const unready = pods.filter(({ ready, deleting }) => !ready || deleting).map(({ name }) => name)
  if (unready.length > 0) return `pods are not ready: ${some(unready)}`
  if (!resource.settled) {
    const running = resource.nodes.filter((node) => node.running).length
    return `${what} is not settled: condition ${resource.condition ?? 'none'}, ${running} nodes running`
  }
  const members = endpoints ?? []
  // Without a fleet that comes through it the Service is not needed: there may be none, or one that is not the operator's.
  if (members.length === 0 && !needsService(run)) return stale(run)
  const missing = serving(pods)
    .filter(({ name }) => !members.includes(name))
    .map(({ name }) => name)
  if (missing.length > 0) return `the Service does not lead to ${some(missing)} yet`
  const strangers = members.filter((member) => !pods.some(({ name }) => name === member))
  return strangers.length > 0 ? `the Service still leads to ${some(strangers)}` : stale(run)
}

/** The cluster is as requested, the resource is settled, and the Service leads to all serving pods. */
export const clusterReady: Wait = {
  everyMs: 200,
  poll,
  async after(run) {
    await recordParameters(run)
    run.emit({ type: 'mark', name: 'cluster-ready' })
    if (run.scenario.steps.some((step) => 'waitFor' in step && step.waitFor === 'change-begun'))
      await rememberBefore(run)
  },
}
