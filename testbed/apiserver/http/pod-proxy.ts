import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { ApiError, badRequest } from '../errors.ts'
import { listAt, numberAt, textAt } from '../json.ts'
import { replyError } from './reply.ts'

/** pods/<name>[:<port>]/proxy/<path>: the request as it is, to the pod's own address. */
export function proxyToPod(
  pod: KubeObject,
  portText: string | undefined,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const host = textAt(pod, 'status', 'podIP')
  const ports = listAt(pod, 'spec', 'containers').flatMap((container) => listAt(container, 'ports'))
  const named = ports.find((port) => port.name === portText)
  const port =
    portText === undefined
      ? (numberAt(ports[0], 'containerPort') ?? 80)
      : (numberAt(named, 'containerPort') ?? Number(portText))
  if (!host) throw badRequest(`address not allowed: pod ${pod.metadata.name} has no address yet`)
  if (!Number.isInteger(port))
    throw badRequest(`invalid port ${JSON.stringify(portText)} of pod ${pod.metadata.name}`)
  const { authorization, host: _host, ...headers } = request.headers
  const onward = http.request({ host, port, method: request.method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onward.on('error', (cause) =>
    replyError(
      response,
      new ApiError(503, 'ServiceUnavailable', `error trying to reach service: ${cause.message}`),
    ),
  )
  request.pipe(onward)
}
