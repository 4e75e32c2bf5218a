import { get, post, type Route } from '../routes.ts'
import { done, failed, ok } from './answer.ts'

/** The licence of the whole cluster, and its replacement without a restart (docs/contract/emqx.md#licence). */
export const licenceRoutes: Route[] = [
  get('/api/v4/license', ({ node }) =>
    ok({
      customer: 'EMQ X Evaluation',
      customer_type: 10,
      ...node.group.licence.expiry,
      issued_at: '2024-04-18',
      max_connections: node.license.maxSessions,
      product: 'EMQX Enterprise',
      type: 'trial',
      vendor: 'EMQ Technologies Co., Ltd.',
      version: '4.4',
    }),
  ),
  post('/api/v4/license/upload', ({ node, body }) => {
    const { license } = (body ?? {}) as { license?: unknown }
    if (typeof license !== 'string' || !node.group.licence.accepts(license)) return failed('bad_license')
    node.relicense((licence) => licence.take(license))
    return done()
  }),
]
