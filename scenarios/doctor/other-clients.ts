import { findPod } from '#weir/cluster/discover/pod.ts'
import { EmqxApiError } from '#weir/cluster/index.ts'
import { defineCheck, ok, unknown, warning } from './check.ts'

/**
 * Who is connected already. Gauges and evacuation rates count them too, so that what weir's own clients tell cannot be
 * held against those.
 */
export const otherClients = defineCheck({
  id: 'other-clients',
  title: 'other clients',
  code: 'WEIR_CLUSTER_UNFIT',
  needs: ['opened'],
  async look({ opened, clients }) {
    const pod = await findPod(opened.kube, opened.dialect, await opened.resource())
    if (pod.found === undefined) return { lines: [unknown(pod.why, 'see what keeps its pods')] }
    try {
      const nodes = await opened.emqx(pod.found).nodes()
      const others = nodes.reduce((sum, one) => sum + (one.liveConnections ?? one.connections ?? 0), 0)
      const learned = { otherClients: others }
      if (others === 0) return { lines: [ok('none is connected')], learned }
      const says = `${others} clients that are not weir's are connected`
      if (clients === 0) return { lines: [ok(says)], learned }
      const todo =
        'what gauges count is not held against the fleet then; for that use a cluster without other clients'
      return { lines: [warning(says, todo)], learned }
    } catch (error) {
      if (!(error instanceof EmqxApiError)) throw error
      return { lines: [unknown(`EMQX does not tell: ${error.message}`, 'mend what is missing above')] }
    }
  },
})
