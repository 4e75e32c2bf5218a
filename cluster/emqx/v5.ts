import { keepMetrics } from '../prometheus/kept.ts'
import { EmqxApiError } from './api-error.ts'
import { CLIENTS_PAGE_LIMIT, readClients } from './clients.ts'
import { isEvacuationList, readEvacuations } from './evacuations.ts'
import type { EmqxHttp } from './http.ts'
import { readNodes } from './nodes.ts'
import { askJson, askObject } from './question.ts'
import type { EmqxVersionApi } from './version-api.ts'

const EVACUATIONS = '/api/v5/load_rebalance/global_status'

/** Of a client only what is read here is asked for: whole rows are a kilobyte each. Releases that do not know the parameter ignore it. */
const FIELDS = 'clientid,connected'

async function page(
  http: EmqxHttp,
  path: string,
): Promise<{ data: Record<string, unknown>[]; meta?: { count?: number; hasnext?: boolean } }> {
  const body = await askObject(http, path)
  if (!Array.isArray(body.data)) throw new EmqxApiError(`GET ${path}: the answer has no list "data"`, 200)
  return body as Awaited<ReturnType<typeof page>>
}

/** EMQX 5's HTTP API (`/api/v5`). Sources: contract/emqx.md §1, §2.8, §4; recordings of EMQX 5.8.9. */
export const emqxV5: EmqxVersionApi = {
  port: 18083,
  over: (http) => ({
    async evacuations() {
      const { evacuations } = await askObject(http, EVACUATIONS)
      if (!isEvacuationList(evacuations))
        throw new EmqxApiError(`GET ${EVACUATIONS}: the answer has no readable list "evacuations"`, 200)
      return readEvacuations(evacuations)
    },
    async nodes() {
      const nodes = await askJson(http, '/api/v5/nodes')
      if (!Array.isArray(nodes)) throw new EmqxApiError('GET /api/v5/nodes: the answer is not a list', 200)
      return readNodes(nodes)
    },
    clients: (node) =>
      readClients((number) =>
        page(
          http,
          `/api/v5/clients?node=${encodeURIComponent(node)}&page=${number}&limit=${CLIENTS_PAGE_LIMIT}&fields=${FIELDS}`,
        ),
      ),
    async availability() {
      return (await http.get('/api/v5/load_rebalance/availability_check', { anonymous: true })).status
    },
    async metrics() {
      const { status, text } = await http.get('/api/v5/prometheus/stats?mode=node', { anonymous: true })
      if (status !== 200) throw new EmqxApiError(`scrape: HTTP ${status}`, status)
      return { status, metrics: keepMetrics(text) }
    },
  }),
}
