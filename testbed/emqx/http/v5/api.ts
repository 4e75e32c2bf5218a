import { empty } from '../answer.ts'
import type { Listener, ManagementApi } from '../management-api.ts'
import { badRequest, refused } from './answer.ts'
import { authRoutes, refusal } from './auth.ts'
import { clientRoutes } from './clients.ts'
import { configRoutes, licenseRoutes, listenerRoutes } from './configs.ts'
import { loadRebalanceRoutes } from './load-rebalance.ts'
import { nodeRoutes } from './nodes.ts'
import { prometheusRoutes, statsRoutes, statusRoutes } from './stats.ts'

/** Where 5.8 listens by default. Metrics and API share the dashboard's port. */
export const LISTENERS: readonly Listener[] = [
  { port: 1883, serves: 'tcp' },
  { port: 18083, serves: 'http' },
  { port: 8883, serves: 'ssl' },
  { port: 8083, serves: 'ws' },
  { port: 8084, serves: 'wss' },
]

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
  missing: (allowed) =>
    allowed.length > 0
      ? empty(405, { allow: allowed.join(', ') })
      : refused(404, 'API_NOT_EXIST', 'Request Path Not Found'),
  invalidJson: () => badRequest('Invalid json message received'),
}
