import { type Cluster, discover, KubeApiError, openCluster } from '#weir/cluster/index.ts'
import { missing, ok } from '../line.ts'
import { defineCheck } from './check.ts'

/** There is exactly one resource that can be meant. */
export const resource = defineCheck({
  id: 'resource',
  title: 'resource',
  code: 'WEIR_CLUSTER_UNFIT',
  needs: ['served'],
  async look({ cluster: options }) {
    const cluster = await openCluster(options)
    const { kind, apiVersion } = cluster.dialect
    try {
      if (!(await exists(cluster))) {
        await cluster.close()
        const says = `there is no ${kind} ${cluster.name} in namespace ${cluster.namespace}`
        return { lines: [missing(says, 'say with --name and --namespace which one is meant')] }
      }
      const discovery = await discover(cluster)
      const version = discovery.version === undefined ? '' : `, EMQX ${discovery.version}`
      return {
        lines: [ok(`${kind} ${cluster.namespace}/${cluster.name} (${apiVersion})${version}`)],
        learned: { opened: cluster, discovery },
      }
    } catch (error) {
      await cluster.close()
      throw error
    }
  },
})

/** A name that was asked for need not be that of anything. */
async function exists({ resource }: Cluster): Promise<boolean> {
  try {
    await resource()
    return true
  } catch (error) {
    if (error instanceof KubeApiError && error.status === 404) return false
    throw error
  }
}
