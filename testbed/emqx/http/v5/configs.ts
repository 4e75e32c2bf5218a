import { bare, text } from '../answer.ts'
import { processesOf } from '../management-api.ts'
import { get, put, type Route } from '../routes.ts'
import { badRequest, schemaError } from './answer.ts'

/**
 * The cluster's configuration as text. A later key of a HOCON document wins over an earlier one and objects merge, so a
 * merge appends a document. A PUT changes what GET returns and nothing else.
 */
export const configRoutes: Route[] = [
  get('/api/v5/configs', ({ node }) => text(node.group.configs.join('\n'))),
  put(
    '/api/v5/configs',
    ({ node, query, body }) => {
      const mode = query.get('mode') ?? 'merge'
      if (mode !== 'merge' && mode !== 'replace')
        return badRequest(schemaError(mode, 'not_a_enum_symbol', 'mode'))
      const { configs } = node.group
      if (mode === 'replace') configs.splice(0)
      const document = String(body)
      const known = configs.indexOf(document)
      if (known !== -1) configs.splice(known, 1)
      configs.push(document)
      node.relicense((licence) => licence.configure(document))
      return text('')
    },
    { takesText: true },
  ),
]

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
  // The evaluation licence's words, whatever its number is; the type alone tells whether the configuration may change the number.
  get('/api/v5/license', ({ node }) =>
    bare({
      customer: 'Evaluation',
      customer_type: node.group.licence.isBusinessCritical ? 3 : 10,
      deployment: 'trial',
      email: 'contact@emqx.io',
      ...node.group.licence.expiry,
      max_connections: node.license.maxSessions,
      max_sessions: node.license.maxSessions,
      start_at: '2024-04-18',
      type: 'trial',
    }),
  ),
]
