import { resources } from '../kubernetes/resources.ts'
import type { Resource } from '../kubernetes/types.ts'
import type { Dialect } from '../types.ts'

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

type Verb = Permission['verb']

interface Need extends Pick<Permission, 'purpose' | 'why'> {
  resource: Resource
  verbs: readonly Verb[]
  subresource?: string
  name?: string
  scope?: Permission['scope']
  optional?: boolean
}

const FOLLOW: readonly Verb[] = ['list', 'watch']

const observing = (dialect: Dialect): Need[] => [
  {
    purpose: 'observe',
    resource: dialect.resource,
    verbs: ['get', ...FOLLOW],
    why: 'find the resource under test, read its numbers and follow its status',
  },
  {
    purpose: 'observe',
    resource: resources.pods,
    verbs: FOLLOW,
    why: 'know the nodes, their addresses and when they are deleted',
  },
  ...dialect.sets.map(
    (resource): Need => ({
      purpose: 'observe',
      resource,
      verbs: FOLLOW,
      why: 'distinguish the old set of pods from the new',
    }),
  ),
  {
    purpose: 'observe',
    resource: resources.services,
    verbs: ['get', ...FOLLOW],
    why: 'find the address for clients, and see that it stays',
  },
  {
    purpose: 'observe',
    resource: resources.endpointSlices,
    verbs: FOLLOW,
    why: 'see which pods the Service leads to',
  },
  {
    purpose: 'observe',
    resource: resources.events,
    verbs: FOLLOW,
    why: "record what the operator and Kubernetes say about the resource's objects",
  },
  {
    purpose: 'observe',
    resource: resources.nodes,
    verbs: ['list'],
    scope: 'cluster',
    optional: true,
    why: 'find an address for a NodePort; without it the address of a pod’s host is used',
  },
  {
    purpose: 'observe',
    resource: resources.deployments,
    verbs: ['list'],
    scope: 'cluster',
    optional: true,
    why: "find the operator's release line; without it say it with --operator",
  },
  {
    purpose: 'observe',
    resource: resources.pods,
    subresource: 'proxy',
    verbs: ['get'],
    optional: true,
    why: 'scrape pods whose own addresses cannot be reached from here; without it a port-forward is used',
  },
  {
    // A WebSocket is opened by a GET; newer API servers ask for create as well.
    purpose: 'observe',
    resource: resources.pods,
    subresource: 'portforward',
    verbs: ['get', 'create'],
    optional: true,
    why: "ask EMQX's HTTP API of pods whose own addresses cannot be reached from here; not used where they can",
  },
]

const changing = (dialect: Dialect): Need[] => [
  {
    purpose: 'change',
    resource: dialect.resource,
    verbs: ['patch'],
    why: 'change the version of the resource under test, which is all that weir changes',
  },
]

const credentials = (dialect: Dialect, name: string | undefined): Need[] => [
  {
    purpose: 'credentials',
    resource: resources.secrets,
    verbs: ['get'],
    ...(name === undefined ? {} : { name: dialect.emqx.secret.nameOf(name) }),
    optional: true,
    why: `use the operator's EMQX API key; without it set ${dialect.emqx.saying}`,
  },
]

/**
 * All requests that weir sends to an API server for a resource of this dialect.
 *
 * @param options.changes whether the run changes the resource, or only observes
 * @param options.name name of the custom resource, if known
 */
export function permissionsFor(dialect: Dialect, options: { changes: boolean; name?: string }): Permission[] {
  const needs = [
    ...observing(dialect),
    ...(options.changes ? changing(dialect) : []),
    ...credentials(dialect, options.name),
  ]
  return needs.flatMap(({ resource, verbs, subresource, name, scope, optional, purpose, why }) =>
    verbs.map((verb) => ({
      purpose,
      verb,
      group: resource.group,
      resource: resource.plural,
      ...(subresource === undefined ? {} : { subresource }),
      ...(name === undefined ? {} : { name }),
      scope: scope ?? 'namespace',
      required: !optional,
      why,
    })),
  )
}
