import { defineCheck, missing, ok } from './check.ts'

/** EMQX accepts the credentials that weir has for its HTTP API. */
export const emqxApi = defineCheck({
  id: 'emqx-api',
  title: 'EMQX API',
  code: 'WEIR_CLUSTER_UNFIT',
  needs: ['discovery'],
  look({ discovery: { credentials, emqx } }) {
    const say =
      "set WEIR_EMQX_USER and WEIR_EMQX_PASSWORD (or an API key: WEIR_EMQX_API_KEY and WEIR_EMQX_API_SECRET), or let weir read the operator's Secret"
    if (credentials.found === undefined)
      return { lines: [missing(`there are no credentials for EMQX's HTTP API: ${credentials.why}`, say)] }
    const who = `${credentials.found.username} (${credentials.how})`
    if (emqx.found === undefined)
      return { lines: [missing(`EMQX's HTTP API does not answer ${who}: ${emqx.why}`, say)] }
    return { lines: [ok(`answers ${who}`)] }
  },
})
