/** One thing that weir does to an API server, in the words of RBAC, and why it does it. */
export interface Permission {
  /** What a user gives it for: looking on, changing the resource under test, or reading EMQX's API key. */
  purpose: 'observe' | 'change' | 'credentials'
  verb: 'get' | 'list' | 'watch' | 'create' | 'patch'
  /** "" is the core group. */
  group: string
  /** Plural, as in RBAC. */
  resource: string
  subresource?: string
  /** The only object that is meant. */
  name?: string
  /** Of the cluster: for objects without a namespace, or over all namespaces. */
  scope: 'namespace' | 'cluster'
  /** False where weir does without; `why` then says what it does without it. */
  required: boolean
  /** Completes "weir … in order to …". */
  why: string
}

/** e.g. "list pods", "get pods/portforward", "get secrets emqx-bootstrap-api-key". */
export function permissionText({ verb, group, resource, subresource, name }: Permission): string {
  const what = `${resource}${group === '' ? '' : `.${group}`}${subresource ? `/${subresource}` : ''}`
  return `${verb} ${what}${name === undefined ? '' : ` ${name}`}`
}
