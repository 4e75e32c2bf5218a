import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listen } from '../../runtime/listen.ts'
import { attributesOf } from '../access/attributes.ts'
import { authorize } from '../access/authorize.ts'
import { authenticate, impersonate } from '../access/impersonate.ts'
import { REVIEWS, type Review } from '../access/reviews.ts'
import type { User } from '../access/user.ts'
import type { Context } from '../context.ts'
import { methodNotAllowed } from '../errors.ts'
import { isObject } from '../json.ts'
import { apiVersionOf } from '../resource-type.ts'
import { readBody } from './body.ts'
import { serveBoth } from './both.ts'
import { discovery } from './discovery.ts'
import { openApiDocument } from './openapi.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'
import { replyError, replyJson, replyText } from './reply.ts'
import { serveResource } from './resources.ts'
import { routeOf } from './route.ts'
import { isUpgradePath, serveUpgrade } from './upgrade.ts'

/** The answer of /version: the Kubernetes release that was recorded. */
const VERSION = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.4',
  gitCommit: 'emulated',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: `${process.platform}/${process.arch}`,
}

const HEALTH = ['/readyz', '/livez', '/healthz']

export interface HttpOptions {
  host: string
  port: number
  tls: { key: string; certificate: string }
}

/** Serves the API on one address. Rejects with WEIR_ADDRESS_IN_USE when that is taken. */
export async function startHttp(
  context: Context,
  options: HttpOptions,
): Promise<{ url: string; restart(downMs: number): Promise<void>; close(): Promise<void> }> {
  const { server, endAll, closeAll } = serveBoth(
    options.tls,
    (request, response) => {
      answer(context, request, response).catch((error) => replyError(response, error))
    },
    {
      wanted: (request) => isUpgradePath(urlOf(request).pathname),
      listener(request, socket, head) {
        try {
          serveUpgrade(context, admit(context, request), request, socket, head)
        } catch (error) {
          refuseUpgrade(request, socket, error)
        }
      },
    },
  )
  await listen(server, options.host, options.port, 'the embedded API server')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${options.host}:${port}`,
    async restart(downMs) {
      server.close()
      endAll()
      await new Promise((resolve) => setTimeout(resolve, downMs))
      await listen(server, options.host, port, 'the embedded API server')
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        closeAll()
      }),
  }
}

const urlOf = (request: IncomingMessage) => new URL(request.url ?? '/', 'http://localhost')

/** Authenticates and authorizes a request. Throws a 401 or a 403. */
function admit(
  context: Context,
  request: IncomingMessage,
): { user: User; path: string; query: URLSearchParams } {
  const { pathname, searchParams: query } = urlOf(request)
  const { user: sender, path } = authenticate(context.tokens, request, pathname)
  const user = impersonate(context.store, sender, request)
  authorize(context.store, user, attributesOf(request.method ?? 'GET', decoded(path), query))
  return { user, path, query }
}

/** Rules know names as they are; a path that cannot be decoded names nothing. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

async function answer(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (HEALTH.includes(urlOf(request).pathname)) return replyText(response, 200, 'text/plain', 'ok')
  const { user, path, query } = admit(context, request)
  if (HEALTH.includes(path)) return replyText(response, 200, 'text/plain', 'ok')
  if (path === '/version') return replyJson(response, 200, JSON.stringify(VERSION))
  if (path === '/openapi/v2')
    return replyText(
      response,
      200,
      'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
      openApiDocument(context.catalogue),
    )
  const review = REVIEWS.find(({ group, version, plural }) => path === `/apis/${group}/${version}/${plural}`)
  if (review) return answerReview(context, review, user, request, response)
  const document = discovery(path, context.catalogue, request.headers.host ?? '')
  if (document !== undefined) return replyJson(response, 200, JSON.stringify(document))
  const route = routeOf(path, context.catalogue)
  if (!route) return replyText(response, 404, 'text/plain', '404 page not found\n')
  return serveResource({ context, route, path: decoded(path), query, request, response })
}

async function answerReview(
  { store }: Context,
  { group, version, kind, answer: answerTo }: Review,
  user: User,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') throw methodNotAllowed()
  const body = await readBody(request)
  const spec = isObject(body) && isObject(body.spec) ? body.spec : {}
  const made = { kind, apiVersion: apiVersionOf({ group, version }), ...answerTo(store, user, spec) }
  replyJson(response, 201, JSON.stringify(made))
}
