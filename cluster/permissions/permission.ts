/** One request that weir sends to an API server, in terms of RBAC, and its reason. */
export interface Permission {
  /** Observing, changing the resource under test, or reading EMQX's API key. */
  purpose: 'observe' | 'change' | 'credentials'
  verb: 'get' | 'list' | 'watch' | 'create' | 'patch'
  /** "" is the core group. */
  group: string
  /** Plural, as in RBAC. */
  resource: string
  subresource?: string
  /** Limits the permission to one object. */
  name?: string
  /** Of the cluster: for objects without a namespace, or over all namespaces. */
  scope: 'namespace' | 'cluster'
  /** False if weir works without it; `why` then says how. */
  required: boolean
  /** Completes "weir … in order to …". */
  why: string
}

/** e.g. "list pods", "get pods/portforward", "get secrets emqx-bootstrap-api-key". */
export function permissionText({ verb, group, resource, subresource, name }: Permission): string {
  const what = `${resource}${group === '' ? '' : `.${group}`}${subresource ? `/${subresource}` : ''}`
  return `${verb} ${what}${name === undefined ? '' : ` ${name}`}`
}
