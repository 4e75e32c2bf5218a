import { dialects } from '#weir/cluster/dialects/index.ts'
import { serverName } from '#weir/cluster/index.ts'
import { missing, ok, unknown } from '../line.ts'
import { defineCheck } from './check.ts'

/** The API server serves the operator's resources in a version that weir supports. */
export const crd = defineCheck({
  id: 'crd',
  title: 'resources',
  code: 'WEIR_CLUSTER_UNFIT',
  needs: ['kube', 'admitted'],
  async run({ kube }) {
    const known = Object.values(dialects)
    const [{ resource }] = known as [(typeof known)[number]]
    const { status, body } = await kube.raw('GET', `/apis/${resource.group}`)
    const kinds = known.map(({ kind, apiVersion }) => `${kind} (${apiVersion})`).join(' or ')
    const none = missing(
      `${serverName(kube.server)} does not serve ${kinds}`,
      'install a release line of the EMQX Operator that serves it',
    )
    if (status === 404) return { lines: [none] }
    if (status !== 200)
      return {
        lines: [
          unknown(`the API server answers ${status} to /apis/${resource.group}`, 'ask its administrator'),
        ],
        learned: { served: known.map(({ id }) => id) },
      }
    const { versions = [] } = (body ?? {}) as { versions?: { version?: string }[] }
    const served = known.filter(({ resource: { version } }) =>
      versions.some((one) => one.version === version),
    )
    if (served.length === 0) return { lines: [none] }
    const says = `the API server serves ${served.map(({ kind, apiVersion }) => `${kind} (${apiVersion})`).join(' and ')}`
    return { lines: [ok(says)], learned: { served: served.map(({ id }) => id) } }
  },
})
