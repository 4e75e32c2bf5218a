import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { TOKEN_HEADER } from '#weir/cluster/fleet-job/pod-http.ts'
import { messageOf, weirVersion } from '#weir/errors/index.ts'
import { fromJson, toJson } from '../json.ts'
import type { Orders } from '../order.ts'
import { LAST_HEADER, REACHES_HEADER, WIRE_FORMAT } from '../wire.ts'
import type { FleetPodShards } from './fleet-pod.ts'
import type { OutboxAnswer } from './outbox.ts'

/** A request for news waits for some at most this long. */
const NEWS_MS = 2000
/** The largest order is that to begin: some 40 bytes for each client. */
const MOST_BYTES = 256 << 20

type Handler = (body: string, query: URLSearchParams) => unknown

export interface ControlOptions {
  host: string
  port: number
  token: string
  shards: FleetPodShards
  /** The owner was heard. */
  heard(): void
}

/** Serves the pod's control endpoint, on its own address alone, to whoever has the run's token. Rejects when it cannot listen. */
export async function serveControl(options: ControlOptions): Promise<Server> {
  const { shards, host, port } = options
  const handlers: Readonly<Record<string, Handler>> = {
    'GET /hello': () => ({ format: WIRE_FORMAT, weir: weirVersion() }),
    'GET /clock': () => shards.clock(),
    'POST /clock': (body) => shards.slew(Number(body)),
    'POST /begin': (body) => shards.begin(body),
    'POST /orders': (body) => shards.order(fromJson(body) as Orders),
    'GET /news': (_, query) => shards.outbox.after(Number(query.get('after') ?? 0), NEWS_MS),
  }
  const server = createServer((request, response) => {
    respond(request, response, handlers, options).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
      response.end(messageOf(error))
    })
  })
  // The owner keeps its connections for the whole run.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return server
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  handlers: Readonly<Record<string, Handler>>,
  { token, heard, shards }: ControlOptions,
): Promise<void> {
  if (!isToken(request.headers[TOKEN_HEADER], token)) {
    response.writeHead(401, { 'content-type': 'text/plain' }).end('this endpoint takes the token of its run')
    return
  }
  heard()
  const url = new URL(request.url ?? '/', 'http://pod')
  const handler = handlers[`${request.method} ${url.pathname}`]
  if (!handler) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('unknown path')
    return
  }
  const answer = await handler(await bodyOf(request), url.searchParams)
  if (isNews(answer)) {
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      [LAST_HEADER]: String(answer.last),
      [REACHES_HEADER]: String(shards.reachesMs(answer.waitedMs)),
    })
    response.end(answer.body)
    return
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(toJson(answer ?? {}))
}

const isNews = (answer: unknown): answer is OutboxAnswer =>
  (answer as { body?: unknown } | undefined)?.body instanceof Buffer

/** In constant time. */
function isToken(given: string | string[] | undefined, token: string): boolean {
  const [a, b] = [Buffer.from(String(given ?? '')), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new Error(`an order of more than ${MOST_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
