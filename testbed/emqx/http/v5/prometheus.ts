import { prometheusText } from '../../metrics/prometheus.ts'
import { text } from '../answer.ts'
import type { Route } from '../routes.ts'

export const prometheusRoutes: Route[] = [
  {
    method: 'GET',
    path: '/api/v5/prometheus/stats',
    handle: ({ node }) => text(prometheusText(node)),
  },
]
