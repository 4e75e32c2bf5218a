import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Duplex } from 'node:stream'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { badRequest, notFound } from '../apiserver/errors.ts'
import { refuseUpgrade } from '../apiserver/http/refuse-upgrade.ts'
import { forwardOverSpdy, protocolProblem } from '../spdy/port-forward.ts'
import { type FindLog, serveLog } from './logs/serve-logs.ts'

/** Where a kubelet listens, with the certificate that it shares with the API server, which alone may connect. */
export interface KubeletAddress {
  host: string
  port: number
  key: string
  certificate: string
}

/** /portForward/<namespace>/<pod>, with the pod's uid or without (k8s.io/kubelet, pkg/kubelet/server). */
const PORT_FORWARD = /^\/portForward\/([^/?]+)\/([^/?]+)/

/** /containerLogs/<namespace>/<pod>/<container> */
const LOGS = /^\/containerLogs\/([^/?]+)\/([^/?]+)\/([^/?]+)$/

/** What the kubelet has for an API server. */
export interface Served {
  podOf(namespace: string, name: string): Pod | undefined
  logOf: FindLog
}

/**
 * The part of a kubelet that an API server calls: port-forward, and the logs of containers. The API server passes on what its client sends
 * over SPDY, and makes SPDY of a WebSocket. Resolves when it listens.
 */
export function serveKubelet(
  { host, port, key, certificate }: KubeletAddress,
  { podOf, logOf }: Served,
): Promise<Server> {
  const server = createServer(
    { key, cert: certificate, ca: certificate, requestCert: true },
    (request, response) => answer(request, response, logOf),
  )
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    try {
      const [, namespace = '', name = ''] = PORT_FORWARD.exec(request.url ?? '') ?? []
      const pod = podOf(namespace, name)
      if (pod === undefined) throw notFound({ group: '', plural: 'pods', kind: 'Pod' }, name)
      const problem = protocolProblem(request)
      if (problem !== undefined) throw badRequest(problem)
      forwardOverSpdy(pod, socket, head)
    } catch (error) {
      refuseUpgrade(request, socket, error)
    }
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve(server))
  })
}

function answer(request: IncomingMessage, response: ServerResponse, logOf: FindLog): void {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://kubelet')
  const [path, namespace = '', pod = '', container = ''] = LOGS.exec(pathname) ?? []
  const log =
    path === undefined || request.method !== 'GET'
      ? undefined
      : logOf({ namespace, pod, container }, query.get('previous') === 'true')
  if (log === undefined) response.writeHead(404).end(path === undefined ? '' : `pod "${pod}" not found\n`)
  else if ('why' in log) response.writeHead(400, { 'content-type': 'text/plain' }).end(`${log.why}\n`)
  else serveLog(log, query, response)
}
