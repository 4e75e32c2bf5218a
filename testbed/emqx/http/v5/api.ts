import { empty } from '../answer.ts'
import type { ManagementApi } from '../management-api.ts'
import { badRequest, refused } from './answer.ts'
import { authRoutes, refusal } from './auth.ts'
import { clientRoutes } from './clients.ts'
import { configRoutes } from './configs.ts'
import { licenseRoutes } from './license-routes.ts'
import { listenerRoutes } from './listener-routes.ts'
import { LISTENERS } from './listeners.ts'
import { loadRebalanceRoutes } from './load-rebalance.ts'
import { nodeRoutes } from './nodes.ts'
import { prometheusRoutes } from './prometheus.ts'
import { statsRoutes } from './stats.ts'
import { statusRoutes } from './status.ts'

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
