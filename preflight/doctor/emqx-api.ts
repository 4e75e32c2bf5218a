import { missing, ok } from '../line.ts'
import { defineCheck } from './check.ts'

/** EMQX accepts the credentials that weir has for its HTTP API. */
export const emqxApi = defineCheck({
  id: 'emqx-api',
  title: 'EMQX API',
  code: 'WEIR_CLUSTER_UNFIT',
  asksNodes: true,
  needs: ['discovery'],
  run({ discovery: { credentials, emqx, dialect } }) {
    const say = `set ${dialect.emqx.saying}, or let weir read the operator's Secret`
    if (credentials.found === undefined)
      return { lines: [missing(`there are no credentials for EMQX's HTTP API: ${credentials.why}`, say)] }
    const who = `${credentials.found.username} (${credentials.how})`
    if (emqx.found === undefined)
      return { lines: [missing(`EMQX's HTTP API does not accept ${who}: ${emqx.why}`, say)] }
    return { lines: [ok(`accepts ${who}`)] }
  },
})
