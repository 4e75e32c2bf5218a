import { MODES, type Mode, prometheusJson5, prometheusText5 } from '../../metrics/prometheus-5.ts'
import { bare, text } from '../answer.ts'
import type { Route } from '../routes.ts'
import { badRequest, schemaError } from './answer.ts'

const isMode = (text: string): text is Mode => (MODES as readonly string[]).includes(text)

export const prometheusRoutes: Route[] = [
  {
    method: 'GET',
    path: '/api/v5/prometheus/stats',
    handle({ node, query, accept }) {
      const mode = query.get('mode') ?? 'node'
      if (!isMode(mode)) return badRequest(schemaError(mode, 'not_a_enum_symbol', 'mode'))
      // JSON is the form of one node; over all nodes the emulation has text alone.
      if (accept === 'application/json' && mode === 'node') return bare(prometheusJson5(node))
      return text(prometheusText5(node, mode))
    },
  },
]
