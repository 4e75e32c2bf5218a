import { type Answer, bare, text } from '../answer.ts'
import type { Call, Route } from '../routes.ts'

/** Stays 200 during an evacuation. */
function status({ node, query }: Call): Answer {
  const headers = { 'retry-after': '15' }
  if (query.get('format') !== 'json')
    return { ...text(`Node ${node.name} is started\nemqx is running`), headers }
  return {
    ...bare({
      rel_vsn: `e${node.version.version}`,
      node_name: node.name,
      broker_status: 'started',
      app_status: 'running',
    }),
    headers,
  }
}

export const statusRoutes: Route[] = [
  { method: 'GET', path: '/status', handle: status },
  { method: 'GET', path: '/api/v5/status', handle: status },
]
