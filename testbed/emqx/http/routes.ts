import type { NodeCore } from '../node-core.ts'
import type { Answer } from './answer.ts'

export interface Call {
  /** The node that serves the request. */
  node: NodeCore
  /** The parts of the path that the pattern left open, decoded. */
  params: string[]
  query: URLSearchParams
  /** The parsed body; undefined when there is none. Text for a route that takes text. */
  body: unknown
  /** The Accept header; empty when there is none. */
  accept: string
}

export interface Route {
  method: string
  /** Levels of the path; `*` matches one and becomes a parameter. */
  path: string
  /** The body is no JSON. */
  takesText?: boolean
  handle(call: Call): Answer | Promise<Answer>
}

type Handler = Route['handle']

const route =
  (method: string) =>
  (path: string, handle: Handler, more?: Pick<Route, 'takesText'>): Route => ({
    method,
    path,
    handle,
    ...more,
  })

export const get = route('GET')
export const post = route('POST')
export const put = route('PUT')
export const del = route('DELETE')

/** The route for a path, with its parameters; else the methods under which the path is known. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; params: string[] } | { allowed: string[] } {
  const given = path.split('/')
  const allowed: string[] = []
  for (const route of routes) {
    const params = matchPath(route.path.split('/'), given)
    if (params === undefined) continue
    if (route.method === method) return { route, params }
    allowed.push(route.method)
  }
  return { allowed }
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
