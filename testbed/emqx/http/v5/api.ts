import { type Answer, empty } from '../answer.ts'
import type { Listener, ManagementApi } from '../management-api.ts'
import { badRequest, refused } from './answer.ts'
import { authRoutes, refusal } from './auth.ts'
import { clientRoutes } from './clients.ts'
import { configRoutes, licenseRoutes, listenerRoutes } from './configs.ts'
import { loadRebalanceRoutes } from './load-rebalance.ts'
import { nodeRoutes } from './nodes.ts'
import { prometheusRoutes, statsRoutes, statusRoutes } from './stats.ts'

/** Where 5.8 listens by default. Metrics and API share the dashboard's port. */
const LISTENERS: readonly Listener[] = [
  { port: 1883, serves: 'tcp' },
  { port: 18083, serves: 'http', of: 'dashboard' },
  { port: 8883, serves: 'ssl' },
  { port: 8083, serves: 'ws' },
  { port: 8084, serves: 'wss' },
]

/** 5.8.9 has a page for browsers, and JSON, spaces and all, for who accepts JSON. */
const pathNotFound = (accept: string): Answer =>
  accept === 'application/json'
    ? { status: 404, body: '{"code": "NOT_FOUND", "message": "Request Path Not Found"}' }
    : {
        status: 404,
        body: '<html><head><title>404 - NOT FOUND</title></head><body><h1>404 - NOT FOUND</h1></body></html>',
        contentType: 'text/html',
      }

/** `/api/v5` of EMQX Enterprise 5.8, as recorded of 5.8.9. */
export const api5: ManagementApi = {
  listeners: LISTENERS,
  routes: [
    ...statusRoutes,
    ...authRoutes,
    ...nodeRoutes,
    ...loadRebalanceRoutes,
    ...configRoutes,
    ...prometheusRoutes,
    ...clientRoutes,
    ...statsRoutes,
    ...listenerRoutes,
    ...licenseRoutes,
  ],
  refusal,
  missing: (allowed, accept) =>
    allowed.length > 0 ? empty(405, { allow: allowed.join(', ') }) : pathNotFound(accept),
  // 5.8.9 reads JSON only when it is called so; without a type it is read as JSON.
  unreadable: (contentType) =>
    contentType === '' || contentType.startsWith('application/json')
      ? undefined
      : refused(415, 'UNSUPPORTED_MEDIA_TYPE', 'content-type:application/json Required'),
  invalidJson: () => badRequest('Invalid json message received'),
}
