import { dialects } from '#weir/cluster/dialects/index.ts'
import { noneServed, servedVersions } from '#weir/cluster/index.ts'
import { missing, ok, unknown } from '../line.ts'
import { defineCheck } from './check.ts'

/** The API server serves the operator's resources in a version that weir supports. */
export const crd = defineCheck({
  id: 'crd',
  title: 'resources',
  code: 'WEIR_CLUSTER_UNFIT',
  needs: ['kube', 'admitted'],
  async run({ kube }) {
    const served = await servedVersions(kube)
    const { status } = served
    const known = Object.values(dialects)
    if (status !== 200 && status !== 404)
      return {
        lines: [
          unknown(
            `the API server answers ${status} when asked which resources of the EMQX Operator it serves`,
            'ask its administrator',
          ),
        ],
        learned: { served: known.map(({ id }) => id) },
      }
    if (served.dialects.length === 0) {
      const { says, todo } = noneServed(kube, served)
      return { lines: [missing(says, todo)] }
    }
    const kinds = served.dialects.map((id) => `${dialects[id].kind} (${dialects[id].apiVersion})`)
    return {
      lines: [ok(`the API server serves ${kinds.join(' and ')}`)],
      learned: { served: served.dialects },
    }
  },
})
