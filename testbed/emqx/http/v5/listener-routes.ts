import { bare } from '../answer.ts'
import { processesOf } from '../listener.ts'
import type { Route } from '../routes.ts'

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
  {
    method: 'GET',
    path: '/api/v5/listeners',
    handle({ node }) {
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
    },
  },
]
