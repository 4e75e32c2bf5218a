import type { IncomingMessage } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Duplex } from 'node:stream'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { badRequest, notFound } from '../apiserver/errors.ts'
import { refuseUpgrade } from '../apiserver/http/refuse-upgrade.ts'
import { forwardOverSpdy, protocolProblem } from '../spdy/port-forward.ts'

/** Where a kubelet listens, with the certificate that it shares with the API server, which alone may connect. */
export interface KubeletAddress {
  host: string
  port: number
  key: string
  certificate: string
}

/** /portForward/<namespace>/<pod>, with the pod's uid or without (k8s.io/kubelet, pkg/kubelet/server). */
const PORT_FORWARD = /^\/portForward\/([^/?]+)\/([^/?]+)/

/**
 * The part of a kubelet that an API server calls: port-forward. The API server passes on what its client sends over SPDY, and makes SPDY of a
 * WebSocket. Resolves when it listens.
 */
export function serveKubelet(
  { host, port, key, certificate }: KubeletAddress,
  podOf: (namespace: string, name: string) => Pod | undefined,
): Promise<Server> {
  const server = createServer({ key, cert: certificate, ca: certificate, requestCert: true }, (_, response) =>
    response.writeHead(404).end(),
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
