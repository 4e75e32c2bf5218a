import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { ApiError, badRequest } from '../errors.ts'
import { listAt, numberAt, textAt } from '../json.ts'
import { replyError } from './reply.ts'

export interface ProxyTarget {
  name: string
  port?: string
  /** By TLS. Whose certificate it is does not matter to an API server. */
  isSecure?: boolean
}

const SCHEMES = ['', 'http', 'https']

/** What a proxy's path names: "pod", "pod:port", "http:pod:port" or "https:pod:port". Throws a 400. */
export function proxyTarget(text: string): ProxyTarget {
  const parts = text.split(':')
  const [name, port] = parts.length === 3 ? parts.slice(1) : parts
  const scheme = parts.length === 3 ? parts[0]! : ''
  if (parts.length > 3 || !name || !SCHEMES.includes(scheme))
    throw badRequest(`invalid pod request ${JSON.stringify(text)}`)
  return { name, ...(port && { port }), ...(scheme === 'https' && { isSecure: true }) }
}

/** What comes before the pod's own path. */
const PREFIX = /^\/api\/v1\/namespaces\/[^/]+\/pods\/[^/]+\/proxy/

const encoded = (path: string) => encodeURI(path).replaceAll('?', '%3F').replaceAll('#', '%23')

/** Of a connection, not of a request. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade']

/**
 * pods/<name>[:<port>]/proxy/<path>: the request to the pod's own address, without what proved to this server who sent it
 * (that is gone by now, see authenticate). Ports are numbers: at a name, a real server hangs up.
 * (k8s.io/apimachinery, util/proxy: UpgradeAwareHandler. Unlike a real server's, pods may be on loopback addresses.)
 */
export function proxyToPod(
  pod: KubeObject,
  { port: asked, isSecure = false }: ProxyTarget,
  exchange: { path: string; request: IncomingMessage; response: ServerResponse },
): void {
  const { path: own, request, response } = exchange
  const { method = 'GET', headers, socket } = request
  const host = textAt(pod, 'status', 'podIP')
  if (!host) throw badRequest('address not allowed')
  const search = /\?.*$/.exec(request.url ?? '')?.[0] ?? ''
  if (own.endsWith('/proxy') && (method === 'GET' || method === 'HEAD')) {
    response.writeHead(301, { location: `${own}/${search}` })
    response.end()
    return
  }
  const port = asked === undefined ? firstPort(pod) : Number(asked)
  if (Number.isNaN(port)) throw badRequest(`a pod's port is a number, not ${JSON.stringify(asked)}`)
  if (port > 65_535) throw unreachable(`dial tcp: address ${port}: invalid port`)
  const path = encoded(own.replace(PREFIX, '')) + search
  const forwarded = { 'x-forwarded-for': forwardedFor(headers, socket.remoteAddress), 'x-forwarded-uri': own }
  const onward = (isSecure ? https : http).request(
    {
      ...{ host, port, method, path, agent: false, rejectUnauthorized: false },
      headers: { ...endToEnd(headers), ...forwarded },
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers))
      answer.pipe(response)
      answer.on('error', () => response.destroy())
    },
  )
  onward.on('error', (cause: NodeJS.ErrnoException) =>
    replyError(response, unreachable(asGoSays(cause, host, port))),
  )
  response.on('close', () => onward.destroy())
  request.pipe(onward)
}

const firstPort = (pod: KubeObject) =>
  listAt(pod, 'spec', 'containers')
    .flatMap((container) => listAt(container, 'ports'))
    .map((port) => numberAt(port, 'containerPort'))[0] ?? 80

const unreachable = (why: string) =>
  new ApiError(503, 'ServiceUnavailable', `error trying to reach service: ${why}`)

function asGoSays({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'ECONNREFUSED') return `dial tcp ${host}:${port}: connect: connection refused`
  if (code === 'ECONNRESET') return 'EOF'
  return message
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name))
  return Object.fromEntries(kept)
}

function forwardedFor(headers: IncomingHttpHeaders, address = ''): string {
  const before = headers['x-forwarded-for']
  return before === undefined ? address : `${before}, ${address}`
}
