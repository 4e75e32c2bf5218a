import { discover, openCluster } from '#weir/cluster/index.ts'
import { defineCheck, ok } from './check.ts'

/** There is exactly one resource that can be meant. */
export const resource = defineCheck({
  id: 'resource',
  title: 'resource',
  code: 'WEIR_CLUSTER_UNFIT',
  needs: ['served'],
  async look({ cluster: options }) {
    const cluster = await openCluster(options)
    try {
      const { kind, apiVersion } = cluster.dialect
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
