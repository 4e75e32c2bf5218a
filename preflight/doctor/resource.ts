import { type Cluster, discover, KubeApiError, openCluster } from '#weir/cluster/index.ts'
import { missing, ok } from '../line.ts'
import { defineCheck } from './check.ts'

/** The flags select exactly one resource. */
export const resource = defineCheck({
  id: 'resource',
  title: 'resource',
  code: 'WEIR_CLUSTER_UNFIT',
  needs: ['served'],
  async run({ cluster: options }) {
    const cluster = await openCluster(options)
    const { kind, apiVersion } = cluster.dialect
    try {
      if (!(await exists(cluster))) {
        await cluster.close()
        const says = `there is no ${kind} ${cluster.name} in namespace ${cluster.namespace}`
        return { lines: [missing(says, 'select one with --name and --namespace')] }
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

async function exists({ resource }: Cluster): Promise<boolean> {
  try {
    await resource()
    return true
  } catch (error) {
    if (error instanceof KubeApiError && error.status === 404) return false
    throw error
  }
}
