import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WeirError } from '#weir/errors/index.ts'
import type { Context } from '../context.ts'
import { methodNotAllowed, unauthorized } from '../errors.ts'
import { isObject } from '../json.ts'
import { serveBoth } from '../tls/both.ts'
import { readBody } from './body.ts'
import { discovery } from './discovery.ts'
import { openApiDocument } from './openapi.ts'
import { replyError, replyJson, replyText } from './reply.ts'
import { serveResource } from './resources.ts'
import { routeOf } from './route.ts'
import { isUpgradePath, refuseUpgrade, serveUpgrade } from './upgrade.ts'

/** What /version says: the Kubernetes whose behaviour was recorded. */
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
  token: string
  tls: { key: string; certificate: string }
}

/** Serves the API on one address. Rejects with WEIR_ADDRESS_IN_USE when that is taken. */
export async function listen(
  context: Context,
  options: HttpOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const { server, closeAll } = serveBoth(
    options.tls,
    (request, response) => {
      answer(context, request, response, options.token).catch((error) => replyError(response, error))
    },
    {
      wanted: (request) => isUpgradePath(urlOf(request).pathname),
      listener(request, socket, head) {
        try {
          const { pathname, searchParams } = urlOf(request)
          const path = authorize(pathname, request.headers.authorization, options.token)
          if (path === undefined) throw unauthorized()
          serveUpgrade(context, { path, query: searchParams }, request, socket, head)
        } catch (error) {
          refuseUpgrade(request, socket, error)
        }
      },
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE' || cause.code === 'EADDRNOTAVAIL'
      reject(
        new WeirError(
          taken ? 'WEIR_ADDRESS_IN_USE' : 'WEIR_TESTBED',
          `the embedded API server cannot listen on ${options.host}:${options.port} (${cause.code}): end what uses it, or choose another port`,
          { cause },
        ),
      )
    })
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${options.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        closeAll()
      }),
  }
}

const urlOf = (request: IncomingMessage) => new URL(request.url ?? '/', 'http://localhost')

function same(a: string, b: string): boolean {
  const [given, expected] = [Buffer.from(a), Buffer.from(b)]
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/**
 * Takes the token from the Authorization header, or, for clients that send none over plain HTTP, from the front of the
 * path (`/<token>/api/…`), and returns the path without it. undefined: not authorized.
 */
function authorize(path: string, header: string | undefined, token: string): string | undefined {
  const [, first = '', ...rest] = path.split('/')
  if (same(first, token)) return `/${rest.join('/')}`
  return same(header ?? '', `Bearer ${token}`) ? path : undefined
}

async function answer(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
): Promise<void> {
  const url = urlOf(request)
  const path = authorize(url.pathname, request.headers.authorization, token)
  if (HEALTH.includes(path ?? url.pathname)) return replyText(response, 200, 'text/plain', 'ok')
  if (path === undefined) throw unauthorized()
  if (path === '/version') return replyJson(response, 200, JSON.stringify(VERSION))
  if (path === '/openapi/v2')
    return replyText(
      response,
      200,
      'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
      openApiDocument(context.catalogue),
    )
  if (path === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews') return review(request, response)
  const document = discovery(path, context.catalogue, request.headers.host ?? '')
  if (document !== undefined) return replyJson(response, 200, JSON.stringify(document))
  const route = routeOf(path, context.catalogue)
  if (!route) return replyText(response, 404, 'text/plain', '404 page not found\n')
  return serveResource({ context, route, query: url.searchParams, request, response })
}

/** Who holds the token may do everything. */
async function review(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') throw methodNotAllowed()
  const body = await readBody(request)
  const asked = isObject(body) ? body : {}
  replyJson(
    response,
    201,
    JSON.stringify({ ...asked, status: { allowed: true, reason: 'the token is the administrator' } }),
  )
}
