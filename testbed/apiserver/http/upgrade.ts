import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { forwardOverSpdy, protocolProblem, wantsSpdy } from '../../spdy/port-forward.ts'
import type { Context } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { checkHost, forwardPorts, portsOf } from './port-forward.ts'
import { routeOf } from './route.ts'

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
  if (!wantsSpdy(request)) {
    forwardPorts(pod, portsOf(query), request, socket, head)
    return
  }
  const problem = protocolProblem(request)
  if (problem !== undefined) throw badRequest(problem)
  forwardOverSpdy(pod, socket, head)
}
