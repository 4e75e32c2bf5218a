import { text } from '../answer.ts'
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
      return text('')
    },
    { takesText: true },
  ),
]
