import { keepMetrics } from '../prometheus/kept.ts'
import type { EmqxNodeApi } from '../types.ts'
import { EmqxApiError } from './api-error.ts'
import { CLIENTS_PAGE_LIMIT, readClients } from './clients.ts'
import { isEvacuationList, readEvacuations } from './evacuations.ts'
import { emqxHttp } from './http.ts'
import { readNodes } from './nodes.ts'

/** The dashboard listener: serves the API and the metrics, and is the port that the seed's PodMonitor names. */
export const DASHBOARD_PORT = 18083
const TIMEOUT_MS = 5000

export interface NodeApiOptions {
  host: string
  port?: number
  credentials: { username: string; password: string }
  timeoutMs?: number
}

/** EMQX 4.4's HTTP API (`/api/v4`) of one node. Sources: contract/emqx.md §1, §2.8, §4. */
export function emqxNodeApi(options: NodeApiOptions): EmqxNodeApi & { close(): void } {
  const http = emqxHttp({ port: DASHBOARD_PORT, timeoutMs: TIMEOUT_MS, ...options })

  const json = async (path: string): Promise<Record<string, unknown>> => {
    const { status, text } = await http.get(path)
    if (status !== 200)
      throw new EmqxApiError(`GET ${path}: HTTP ${status} ${text.slice(0, 200)}`.trim(), status)
    let body: unknown
    try {
      body = JSON.parse(text)
    } catch (error) {
      throw new EmqxApiError(`GET ${path}: the answer is not JSON`, status, { cause: error })
    }
    if (typeof body !== 'object' || body === null)
      throw new EmqxApiError(`GET ${path}: the answer is not an object`, status)
    const { code, message } = body as { code?: unknown; message?: unknown }
    if (code !== undefined && code !== 0)
      throw new EmqxApiError(`GET ${path}: code ${code}: ${String(message)}`, status)
    return body as Record<string, unknown>
  }

  const list = async (
    path: string,
  ): Promise<Record<string, unknown> & { data: Record<string, unknown>[] }> => {
    const body = await json(path)
    if (!Array.isArray(body.data)) throw new EmqxApiError(`GET ${path}: the answer has no list "data"`, 200)
    return body as Record<string, unknown> & { data: Record<string, unknown>[] }
  }

  return {
    async evacuations() {
      const path = '/api/v4/load_rebalance/global_status'
      const { evacuations } = await json(path)
      if (!isEvacuationList(evacuations))
        throw new EmqxApiError(`GET ${path}: the answer has no readable list "evacuations"`, 200)
      return readEvacuations(evacuations)
    },
    async nodes() {
      return readNodes((await list('/api/v4/nodes')).data)
    },
    clients: (node) =>
      readClients((page) => list(`/api/v4/nodes/${node}/clients?_page=${page}&_limit=${CLIENTS_PAGE_LIMIT}`)),
    async availability() {
      return (await http.get('/api/v4/load_rebalance/availability_check')).status
    },
    async metrics() {
      const { status, text } = await http.get('/api/v4/emqx_prometheus?type=prometheus')
      if (status !== 200) throw new EmqxApiError(`scrape: HTTP ${status}`, status)
      return { status, metrics: keepMetrics(text) }
    },
    close: http.close,
  }
}
