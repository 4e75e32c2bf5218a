import { asClusterError } from '#weir/cluster/failure.ts'
import { serverName } from '#weir/cluster/index.ts'
import { missing, ok } from '../line.ts'
import { defineCheck } from './check.ts'

/** The API server answers. */
export const apiServer = defineCheck({
  id: 'api-server',
  title: 'API server',
  code: 'WEIR_CLUSTER_UNREACHABLE',
  needs: ['kube'],
  async run({ kube }) {
    const server = serverName(kube.server)
    const { status, body } = await kube.raw('GET', '/version').catch((error: unknown) => {
      throw asClusterError(error, kube.server, 'read /version')
    })
    // Some servers hide their version from unknown users.
    if (status === 401 || status === 403)
      return { lines: [ok(`${server} answers`)], learned: { reachable: true } }
    const { gitVersion } = (body ?? {}) as { gitVersion?: string }
    if (status !== 200 || gitVersion === undefined)
      return {
        lines: [
          missing(`${server} answers ${status} to /version`, 'check that it is a Kubernetes API server'),
        ],
      }
    return { lines: [ok(`${server} answers, Kubernetes ${gitVersion}`)], learned: { reachable: true } }
  },
})
