import { missing, ok } from '../line.ts'
import { defineCheck } from './check.ts'

/** EMQX's nodes can be reached, at their own addresses or through the API server. */
export const pods = defineCheck({
  id: 'pods',
  title: 'pods',
  code: 'WEIR_CLUSTER_UNFIT',
  asksNodes: true,
  needs: ['discovery'],
  run({ discovery: { route } }) {
    if (route.found === undefined)
      return {
        lines: [
          missing(
            `no pod can be reached: ${route.why}`,
            route.todo ??
              'run weir where the pods can be reached, or grant get on pods/proxy and create on pods/portforward',
          ),
        ],
      }
    const how = route.found === 'pods' ? 'at their own addresses' : 'through the API server'
    return { lines: [ok(`reached ${how}: ${route.how}`)] }
  },
})
