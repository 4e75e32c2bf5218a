import { recordParameters } from '../run/parameters.ts'
import type { Run } from '../run/run.ts'
import { some, type Wait } from './wait.ts'

function look({ live, cluster, parameters }: Run): string | undefined {
  const { resource, endpoints, pods } = live
  const what = `${cluster.dialect.kind} ${cluster.name}`
  const wanted = parameters?.nodes
  if (!resource || resource.deleted) return `${what} does not exist`
  if (wanted !== undefined && pods.length !== wanted) return `there are ${pods.length} pods of ${wanted}`
  const unready = pods.filter(({ ready, deleting }) => !ready || deleting).map(({ name }) => name)
  if (unready.length > 0) return `pods are not ready: ${some(unready)}`
  if (!resource.settled) {
    const running = resource.nodes.filter((node) => node.running).length
    return `${what} does not say that it is settled: condition ${resource.condition ?? 'none'}, ${running} nodes running`
  }
  const members = endpoints ?? []
  const missing = pods.filter(({ name }) => !members.includes(name)).map(({ name }) => name)
  if (missing.length > 0) return `the Service does not lead to ${some(missing)} yet`
  const strangers = members.filter((member) => !pods.some(({ name }) => name === member))
  return strangers.length > 0 ? `the Service still leads to ${some(strangers)}` : undefined
}

/** The cluster is what the resource asks for, says so, and the Service leads to all of it. */
export const clusterReady: Wait = {
  everyMs: 200,
  look,
  async after(run) {
    await recordParameters(run)
    run.tell({ type: 'mark', name: 'cluster-ready' })
  },
}
