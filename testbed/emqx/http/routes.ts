import type { NodeCore } from '../node-core.ts'
import type { Answer } from './answer.ts'
import { clientRoutes } from './clients.ts'
import { loadRebalanceRoutes } from './load-rebalance.ts'
import { nodeRoutes } from './nodes.ts'
import { pluginRoutes } from './plugins.ts'
import { statsRoutes } from './stats.ts'

export interface Call {
  /** The node that serves the request. */
  node: NodeCore
  /** The parts of the path that the pattern left open, decoded. */
  params: string[]
  query: URLSearchParams
  /** The parsed body; undefined when there is none or it is not JSON. */
  body: unknown
}

export interface Route {
  method: string
  /** Levels of the path; `*` matches one and becomes a parameter. */
  path: string
  handle(call: Call): Answer | Promise<Answer>
}

const ROUTES: Route[] = [
  ...statsRoutes,
  ...nodeRoutes,
  ...clientRoutes,
  ...loadRebalanceRoutes,
  ...pluginRoutes,
]

/** The route for a path, with its parameters. */
export function findRoute(method: string, path: string): { route: Route; params: string[] } | undefined {
  const given = path.split('/')
  for (const route of ROUTES) {
    if (route.method !== method) continue
    const params = matchPath(route.path.split('/'), given)
    if (params !== undefined) return { route, params }
  }
  return undefined
}

function matchPath(wanted: string[], given: string[]): string[] | undefined {
  if (wanted.length !== given.length) return undefined
  const params: string[] = []
  for (let index = 0; index < wanted.length; index++) {
    if (wanted[index] === '*') {
      try {
        params.push(decodeURIComponent(given[index]!))
      } catch {
        return undefined
      }
    } else if (wanted[index] !== given[index]) return undefined
  }
  return params
}
