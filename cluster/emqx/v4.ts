import { EmqxApiError } from './api-error.ts'
import { PageLimit, readClients } from './clients.ts'
import type { ApiListener, ApiListenerName } from './endpoint.ts'
import { evacuationBody } from './evacuation-request.ts'
import type { EmqxHttp } from './http.ts'
import { readLicence } from './licence.ts'
import { aboutNodes, readNodes } from './nodes.ts'
import { askObject } from './question.ts'
import { evacuationsIn, rebalancesIn } from './rebalance-status.ts'
import { rebalanceBody } from './rebalances.ts'
import { isOpen, scrape } from './scrape.ts'
import type { EmqxVersionApi } from './version-api.ts'

const METRICS = '/api/v4/emqx_prometheus?type=prometheus'
const STATUS = '/api/v4/load_rebalance/global_status'

/** EMQX 4.4 reports errors of its own with HTTP 200 and a `code` other than 0 (docs/contract/emqx.md#api-errors). */
async function ask(http: EmqxHttp, path: string): Promise<Record<string, unknown>> {
  const body = await askObject(http, path)
  if (body.code !== undefined && body.code !== 0)
    throw new EmqxApiError(`GET ${path}: code ${body.code}: ${String(body.message)}`, 200)
  return body
}

async function list(
  http: EmqxHttp,
  path: string,
): Promise<Record<string, unknown> & { data: Record<string, unknown>[] }> {
  const body = await ask(http, path)
  if (!Array.isArray(body.data)) throw new EmqxApiError(`GET ${path}: the answer has no list "data"`, 200)
  return body as Record<string, unknown> & { data: Record<string, unknown>[] }
}

/** A refusal is a 200 too: only its `code` tells. */
async function change(http: EmqxHttp, path: string, body: unknown = {}): Promise<void> {
  const { status, text } = await http.send('POST', path, body)
  const code = /"code"\s*:\s*(-?\d+)/.exec(text)?.[1]
  if (status !== 200 || code !== '0')
    throw new EmqxApiError(`POST ${path}: HTTP ${status} ${text.trim().slice(0, 200)}`.trim(), status)
}

/** Ports of containers are named by whoever writes the resource, e.g. "http-dashboard" in the operator's examples. */
const listener = (name: ApiListenerName, port: number): ApiListener => ({
  name,
  port,
  portName: {
    http: new RegExp(`^(http-)?${name}(-http)?(-\\d+)?$`),
    https: new RegExp(`^(https-${name}|${name}-https)(-\\d+)?$`),
  },
  variable: {
    http: `EMQX_${name.toUpperCase()}__LISTENER__HTTP`,
    https: `EMQX_${name.toUpperCase()}__LISTENER__HTTPS`,
  },
})

/** EMQX 4.4's HTTP API (`/api/v4`). Sources: docs/contract/emqx.md#metrics-endpoint and the API sections after it. */
export const emqxV4: EmqxVersionApi = {
  // The dashboard's port is the PodMonitor's in the documentation's example.
  listeners: { dashboard: listener('dashboard', 18083), keys: listener('management', 8081) },
  forgets: false,
  leastRebalanceWaitSeconds: 1,
  saying:
    'WEIR_EMQX_USER and WEIR_EMQX_PASSWORD (or an application: WEIR_EMQX_API_KEY and WEIR_EMQX_API_SECRET)',
  metricsPath: METRICS,
  secret: {
    nameOf: (resource) => `${resource}-bootstrap-user`,
    key: 'bootstrap_user',
    user: 'emqx_operator_controller',
  },
  initialUser: { username: 'admin', password: 'public' },
  over(http) {
    const pageLimit = new PageLimit()
    return {
      evacuations: async () => evacuationsIn(await ask(http, STATUS), STATUS),
      rebalances: async () => rebalancesIn(await ask(http, STATUS), STATUS),
      async nodes() {
        return readNodes((await list(http, '/api/v4/nodes')).data)
      },
      clients: (node, prefix) =>
        readClients(prefix, pageLimit, (page, rows) =>
          list(
            http,
            `/api/v4/nodes/${node}/clients?_page=${page}&_limit=${rows}${prefix && `&_like_clientid=${encodeURIComponent(prefix)}`}`,
          ),
        ),
      async availability() {
        return (await http.get('/api/v4/load_rebalance/availability_check')).status
      },
      metrics: () => scrape(http, METRICS),
      metricsAreOpen: () => isOpen(http, METRICS),
      startEvacuation: (node, how) =>
        change(
          http,
          `/api/v4/load_rebalance/${encodeURIComponent(node)}/evacuation/start`,
          evacuationBody(how),
        ),
      stopEvacuation: (node) =>
        change(http, `/api/v4/load_rebalance/${encodeURIComponent(node)}/evacuation/stop`),
      startRebalance: (coordinator, how) =>
        change(http, `/api/v4/load_rebalance/${encodeURIComponent(coordinator)}/start`, rebalanceBody(how)),
      stopRebalance: (coordinator) =>
        change(http, `/api/v4/load_rebalance/${encodeURIComponent(coordinator)}/stop`),
      async about() {
        // 4.4 does not report its edition; its resource is EmqxEnterprise.
        return { edition: 'enterprise', ...aboutNodes((await list(http, '/api/v4/nodes')).data) }
      },
      async licence() {
        const path = '/api/v4/license'
        const { data } = await ask(http, path)
        return readLicence(data, path)
      },
    }
  },
}
