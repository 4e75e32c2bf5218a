import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { certificate } from '../listeners/secure.ts'
import type { VersionProfile } from '../version.ts'
import { bare, send, text } from './answer.ts'
import type { ManagementApi, Visit } from './management-api.ts'
import { findRoute } from './routes.ts'
import { api4 } from './v4/api.ts'
import { api5 } from './v5/api.ts'

const MAX_BODY_BYTES = 1 << 20

/** The HTTP server of one port; the caller makes it listen, or gives it sockets by `emit('connection', socket)`. */
export function createApiServer(visit: Visit): Server {
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    answer(visit, request, response).catch((error: Error) => {
      if (response.headersSent) response.destroy()
      else send(response, text(error.message, 500))
    })
  }
  const isSecure = visit.listener.serves === 'https'
  const server = isSecure ? createSecureServer(certificate(), serve) : createServer(serve)
  server.keepAliveTimeout = 60_000
  return server
}

async function answer(visit: Visit, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { node } = visit
  const api = apiOf(node.version)
  const url = new URL(request.url ?? '/', 'http://node')
  if (node.disturbed.isApiDown && url.pathname.startsWith('/api/')) {
    request.resume()
    return send(response, text('', 503))
  }
  const refusal = api.refusal(request, url.pathname, visit)
  if (refusal !== undefined) {
    request.resume()
    return send(response, refusal)
  }
  const found = findRoute(api.routes, request.method ?? 'GET', url.pathname)
  if ('allowed' in found) {
    request.resume()
    return send(response, api.missing(found.allowed, request.headers.accept ?? ''))
  }
  const { route, params } = found
  const content = await readBody(request)
  if (content === undefined) return send(response, bare({ code: 'BODY_TOO_LARGE' }, 413))
  let body: unknown = content
  if (route.takesText !== true) {
    const refused = content === '' ? undefined : api.unreadable?.(request.headers['content-type'] ?? '')
    if (refused !== undefined) return send(response, refused)
    try {
      body = content === '' ? undefined : JSON.parse(content)
    } catch {
      return send(response, api.invalidJson())
    }
  }
  const accept = request.headers.accept ?? ''
  send(response, await route.handle({ node, params, query: url.searchParams, body, accept }))
}

/** The body's text; undefined when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MAX_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

const APIS: Record<VersionProfile['api'], ManagementApi> = { v4: api4, v5: api5 }

export function apiOf(version: VersionProfile): ManagementApi {
  return APIS[version.api]
}
