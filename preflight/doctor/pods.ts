import { missing, ok } from '../line.ts'
import { defineCheck } from './check.ts'

/** EMQX's nodes can be asked, by their own addresses or through the API server. */
export const pods = defineCheck({
  id: 'pods',
  title: 'pods',
  code: 'WEIR_CLUSTER_UNFIT',
  needs: ['discovery'],
  look({ discovery: { route } }) {
    if (route.found === undefined)
      return {
        lines: [
          missing(
            `no pod can be asked: ${route.why}`,
            'run weir where the pods can be reached, or grant get on pods/proxy and create on pods/portforward',
          ),
        ],
      }
    const how = route.found === 'pods' ? 'by their own addresses' : 'through the API server'
    return { lines: [ok(`asked ${how}: ${route.how}`)] }
  },
})
