import { bare, text } from '../answer.ts'
import type { ManagementApi } from '../management-api.ts'
import { refusal } from './auth.ts'
import { clientRoutes } from './clients.ts'
import { LISTENERS } from './listeners.ts'
import { loadRebalanceRoutes } from './load-rebalance.ts'
import { nodeRoutes } from './nodes.ts'
import { pluginRoutes } from './plugins.ts'
import { statsRoutes } from './stats.ts'

/** `/api/v4` of EMQX Enterprise 4.4 (docs/contract/emqx.md#load-rebalance-api). */
export const api4: ManagementApi = {
  listeners: LISTENERS,
  routes: [...statsRoutes, ...nodeRoutes, ...clientRoutes, ...loadRebalanceRoutes, ...pluginRoutes],
  refusal,
  missing: () => text('Not found.', 404),
  invalidJson: () => bare({ code: 'bad_json', message: 'bad_json' }, 400),
}
