import { type Line, ok, warning } from '../line.ts'
import { defineCheck } from './check.ts'

/** The gauges can be scraped. */
export const metrics = defineCheck({
  id: 'metrics',
  title: 'metrics',
  code: 'WEIR_CLUSTER_UNFIT',
  asksNodes: true,
  needs: ['discovery'],
  run({ discovery: { metrics: scraped, dialect } }): { lines: Line[] } {
    const without = 'without them assertions about gauges are inconclusive'
    if (scraped.found === undefined)
      return { lines: [warning(`metrics cannot be scraped: ${scraped.why}`, without)] }
    const { path, scheme, port, authentication, connections, liveConnections } = scraped.found
    const { connectionsMetric, liveConnectionsMetric } = dialect.facts
    const names = [
      ...(connections ? [connectionsMetric] : []),
      ...(liveConnections ? [liveConnectionsMetric] : []),
    ]
    const who = authentication === 'none' ? 'without credentials' : "with the credentials of EMQX's API"
    const where = `GET ${scheme === 'https' ? 'https://' : ''}:${port}${path} of each pod, ${who}`
    if (names.length === 0)
      return {
        lines: [warning(`${where} has neither ${connectionsMetric} nor ${liveConnectionsMetric}`, without)],
      }
    return { lines: [ok(`${names.join(' and ')} from ${where}`)] }
  },
})
