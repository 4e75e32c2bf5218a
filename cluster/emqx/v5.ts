import { EmqxApiError } from './api-error.ts'
import { PageLimit, readClients } from './clients.ts'
import type { ApiListener } from './endpoint.ts'
import { evacuationBody } from './evacuation-request.ts'
import type { EmqxHttp } from './http.ts'
import { readLicence } from './licence.ts'
import { aboutNodes, readNodes } from './nodes.ts'
import { askJson, askObject } from './question.ts'
import { evacuationsIn, rebalancesIn } from './rebalance-status.ts'
import { rebalanceBody } from './rebalances.ts'
import { isOpen, scrape } from './scrape.ts'
import type { EmqxVersionApi } from './version-api.ts'

const METRICS = '/api/v5/prometheus/stats?mode=node'
const STATUS = '/api/v5/load_rebalance/global_status'

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

async function nodes(http: EmqxHttp): Promise<unknown[]> {
  const answer = await askJson(http, '/api/v5/nodes')
  if (!Array.isArray(answer)) throw new EmqxApiError('GET /api/v5/nodes: the answer is not a list', 200)
  return answer
}

async function change(
  http: EmqxHttp,
  method: 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<void> {
  const { status, text } = await http.send(method, path, body)
  if (status < 200 || status > 299)
    throw new EmqxApiError(`${method} ${path}: HTTP ${status} ${text.trim().slice(0, 200)}`.trim(), status)
}

const DASHBOARD: ApiListener = {
  name: 'dashboard',
  port: 18083,
  portName: { http: /^dashboard$/, https: /^dashboard-https$/ },
  variable: {
    http: 'EMQX_DASHBOARD__LISTENERS__HTTP__BIND',
    https: 'EMQX_DASHBOARD__LISTENERS__HTTPS__BIND',
  },
}

/** EMQX 5's HTTP API (`/api/v5`). Sources: docs/contract/emqx.md#metrics-endpoint and the API sections after it. */
export const emqxV5: EmqxVersionApi = {
  listeners: { dashboard: DASHBOARD, keys: DASHBOARD },
  keysOnly: true,
  forgets: true,
  leastRebalanceWaitSeconds: 0,
  saying: 'WEIR_EMQX_API_KEY and WEIR_EMQX_API_SECRET',
  metricsPath: METRICS,
  secret: {
    nameOf: (resource) => `${resource}-bootstrap-api-key`,
    key: 'bootstrap_api_key',
    user: 'emqx-operator-controller',
  },
  over(http) {
    const pageLimit = new PageLimit()
    return {
      evacuations: async () => evacuationsIn(await askObject(http, STATUS), STATUS),
      rebalances: async () => rebalancesIn(await askObject(http, STATUS), STATUS),
      nodes: async () => readNodes(await nodes(http)),
      clients: (node, prefix) =>
        readClients(prefix, pageLimit, (number, rows) =>
          page(
            http,
            `/api/v5/clients?node=${encodeURIComponent(node)}&page=${number}&limit=${rows}${prefix && `&like_clientid=${encodeURIComponent(prefix)}`}&fields=${FIELDS}`,
          ),
        ),
      async availability() {
        const path = '/api/v5/load_rebalance/availability_check'
        const { status, text } = await http.get(path, 'optional')
        // Whatever stands between may answer 503 as well; EMQX says why.
        if (status === 503 && !text.includes('NODE_EVACUATING'))
          throw new EmqxApiError(`GET ${path}: HTTP 503 ${text.slice(0, 200)}`.trim(), 503)
        return status
      },
      metrics: () => scrape(http, METRICS),
      metricsAreOpen: () => isOpen(http, METRICS),
      startEvacuation: (node, how) =>
        change(
          http,
          'POST',
          `/api/v5/load_rebalance/${encodeURIComponent(node)}/evacuation/start`,
          evacuationBody(how),
        ),
      stopEvacuation: (node) =>
        change(http, 'POST', `/api/v5/load_rebalance/${encodeURIComponent(node)}/evacuation/stop`),
      startRebalance: (coordinator, how) =>
        change(
          http,
          'POST',
          `/api/v5/load_rebalance/${encodeURIComponent(coordinator)}/start`,
          rebalanceBody(how),
        ),
      stopRebalance: (coordinator) =>
        change(http, 'POST', `/api/v5/load_rebalance/${encodeURIComponent(coordinator)}/stop`),
      forgetMember: (node) =>
        change(http, 'DELETE', `/api/v5/cluster/${encodeURIComponent(node)}/force_leave`),
      about: async () => aboutNodes(await nodes(http)),
      async licence() {
        const path = '/api/v5/license'
        const body = await askObject(http, path)
        return readLicence(body, path)
      },
    }
  },
}
