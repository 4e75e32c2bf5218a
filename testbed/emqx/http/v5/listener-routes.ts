import { bare } from '../answer.ts'
import { processesOf } from '../listener.ts'
import { get, type Route } from '../routes.ts'

/** The listeners of 5.8's default configuration, in the order of the answer. */
const LISTENED = [
  { type: 'ssl', port: 8883 },
  { type: 'tcp', port: 1883 },
  { type: 'ws', port: 8083 },
  { type: 'wss', port: 8084 },
] as const

const status = (current_connections: number) => ({
  current_connections,
  max_connections: 'infinity',
  running: true,
})

export const listenerRoutes: Route[] = [
  get('/api/v5/listeners', ({ node }) => {
    const nodes = node.group.newestFirst()
    return bare(
      LISTENED.map(({ type, port }) => {
        const counts = nodes.map((each) => processesOf(each, type))
        return {
          acceptors: 16,
          bind: `:${port}`,
          enable: true,
          id: `${type}:default`,
          name: 'default',
          node_status: nodes.map(({ name }, index) => ({ node: name, status: status(counts[index]!) })),
          number: nodes.length,
          status: status(counts.reduce((sum, count) => sum + count, 0)),
          type,
        }
      }),
    )
  }),
]

export const licenseRoutes: Route[] = [
  // The evaluation licence's words, whatever its number is.
  get('/api/v5/license', ({ node }) =>
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
  ),
]
