/** One request of the recording, and short forms of the commonest. */
export interface Exchange {
  /** Whose token the request carries. */
  as: Caller
  /** "GET /path" */
  send: string
  body?: object
  headers?: Record<string, string>
}

/** The administrator, a user of the group "devs", and the ServiceAccount default/weir. */
export type Caller = 'admin' | 'alice' | 'weir'

export const RBAC = '/apis/rbac.authorization.k8s.io/v1'
export const REVIEWS = '/apis/authorization.k8s.io/v1'
export const HOME = '/api/v1/namespaces/default'
export const MERGE = { 'content-type': 'application/merge-patch+json' }
export const GROUP = 'rbac.authorization.k8s.io'

export const get = (as: Caller, path: string, headers?: Record<string, string>): Exchange => ({
  as,
  send: `GET ${path}`,
  ...(headers && { headers }),
})
export const post = (as: Caller, path: string, body: object): Exchange => ({ as, send: `POST ${path}`, body })
export const remove = (as: Caller, path: string): Exchange => ({ as, send: `DELETE ${path}` })
