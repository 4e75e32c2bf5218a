import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { NodeCore } from '../node-core.ts'
import { bare, send, text } from './answer.ts'
import { type Credential, isAllowed } from './auth.ts'
import { findRoute } from './routes.ts'

const MAX_BODY_BYTES = 1 << 20

/** The HTTP server of one port; the caller makes it listen, or gives it sockets by `emit('connection', socket)`. */
export function createApiServer(node: NodeCore, port: number, applications: readonly Credential[]): Server {
  const server = createServer((request, response) => {
    answer(node, port, applications, request, response).catch((error: Error) => {
      if (response.headersSent) response.destroy()
      else send(response, text(error.message, 500))
    })
  })
  server.keepAliveTimeout = 60_000
  return server
}

async function answer(
  node: NodeCore,
  port: number,
  applications: readonly Credential[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://node')
  if (!isAllowed(request, url.pathname, port, node.version, applications)) {
    request.resume()
    return send(response, {
      ...text('UNAUTHORIZED', 401),
      headers: { 'www-authenticate': 'Basic Realm="minirest-server"' },
    })
  }
  const found = findRoute(request.method ?? 'GET', url.pathname)
  if (found === undefined) {
    request.resume()
    return send(response, text('Not found.', 404))
  }
  const body = await readBody(request)
  if (body === 'invalid') return send(response, bare({ code: 'bad_json', message: 'bad_json' }, 400))
  send(response, await found.route.handle({ node, params: found.params, query: url.searchParams, body }))
}

/** The JSON body, undefined when there is none, or "invalid". */
async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MAX_BODY_BYTES) return 'invalid'
    chunks.push(chunk)
  }
  if (length === 0) return undefined
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown
  } catch {
    return 'invalid'
  }
}
