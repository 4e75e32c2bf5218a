import { bare } from '../answer.ts'
import type { Route } from '../routes.ts'

export const licenseRoutes: Route[] = [
  {
    method: 'GET',
    path: '/api/v5/license',
    // The evaluation licence's words, whatever its number is.
    handle: ({ node }) =>
      bare({
        customer: 'Evaluation',
        customer_type: 10,
        deployment: 'trial',
        email: 'contact@emqx.io',
        expiry: false,
        expiry_at: '2029-04-17',
        max_connections: node.license.maxSessions,
        max_sessions: node.license.maxSessions,
        start_at: '2024-04-18',
        type: 'trial',
      }),
  },
]
