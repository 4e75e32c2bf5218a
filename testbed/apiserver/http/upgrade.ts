import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { checkHost, forwardPorts, portsOf } from './port-forward.ts'
import { replyError } from './reply.ts'
import { routeOf } from './route.ts'
import { forwardOverSpdy, wantsSpdy } from './spdy/port-forward.ts'

/** Paths whose connections stop being HTTP. */
export const isUpgradePath = (path: string): boolean => /\/pods\/[^/]+\/portforward$/.test(path)

/** Answers a request to pods/<name>/portforward with the upgrade. Throws ApiError where that is refused. */
export function serveUpgrade(
  context: Context,
  { path, query }: { path: string; query: URLSearchParams },
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const route = routeOf(path, context.catalogue)
  const { type, namespace, name = '' } = route ?? {}
  const pod = type && context.store.get(type.bucket, namespace, name)
  if (!pod) throw notFound({ group: '', plural: 'pods', kind: 'Pod' }, name)
  checkHost(pod)
  if (wantsSpdy(request)) forwardOverSpdy(pod, request, socket, head)
  else forwardPorts(pod, portsOf(query), request, socket, head)
}

/** An upgrade that is refused is answered in plain HTTP, and the connection ends. */
export function refuseUpgrade(request: IncomingMessage, socket: Duplex, error: unknown): void {
  const response = new ServerResponse(request)
  response.assignSocket(socket as never)
  response.shouldKeepAlive = false
  response.on('finish', () => socket.end())
  socket.on('error', () => socket.destroy())
  replyError(response, error)
}
