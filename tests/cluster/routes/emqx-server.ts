import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that answers every path alike, as a gateway does for addresses that it does not know, and EMQX 4.4 for paths. */
export async function serveAlways(
  status: number,
  body: string,
  { host, port }: { host: string; port: number },
): Promise<{ close(): Promise<void> }> {
  const server = createServer((_, response) => response.writeHead(status).end(body))
  await new Promise<void>((resolve) => server.listen(port, host, resolve))
  return {
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export interface EmqxServer {
  port: number
  /** Path and Authorization of each question. */
  asked: { path: string; authorization?: string }[]
  close(): Promise<void>
}

/** What an EMQX 5 node answers, as far as routes matter: some paths to anybody, the others to `admin:secret` only. */
export async function serveEmqx(
  options: { host?: string; port?: number; node?: string; closedMetrics?: boolean } = {},
): Promise<EmqxServer> {
  const { host = '127.0.0.1', port = 0, node = 'emqx@one', closedMetrics = false } = options
  const asked: EmqxServer['asked'] = []
  const known = `Basic ${Buffer.from('admin:secret').toString('base64')}`
  const server: Server = createServer((req, res) => {
    const path = req.url ?? ''
    const { authorization } = req.headers
    asked.push({ path, ...(authorization === undefined ? {} : { authorization }) })
    const isMetrics = path.startsWith('/api/v5/prometheus/')
    const open = path === '/status' || path.endsWith('/availability_check') || (isMetrics && !closedMetrics)
    if (!open && authorization !== known) {
      res.writeHead(401, { 'content-type': 'application/json' })
      res.end('{"code":"BAD_API_KEY_OR_SECRET","message":"Check api_key/api_secret"}')
    } else if (path === '/status') res.end(`Node ${node} is started\nemqx is running`)
    else if (isMetrics) {
      const wantsJson = req.headers.accept?.includes('json')
      res.end(wantsJson ? '{"stats":{}}' : `emqx_connections_count ${asked.length}\n`)
    } else if (path.endsWith('/availability_check')) {
      res.writeHead(503, { 'content-type': 'application/json' })
      res.end('{"code":"NODE_EVACUATING","message":"Node Evacuating"}')
    } else if (path === '/api/v5/nodes')
      res.end(JSON.stringify([{ node, node_status: 'running', version: '5.8.9', edition: 'Enterprise' }]))
    else {
      res.writeHead(404)
      res.end()
    }
  })
  await new Promise<void>((resolve) => server.listen(port, host, resolve))
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
