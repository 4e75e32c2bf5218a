import { REVIEWS } from '../access/reviews.ts'
import type { Catalogue } from '../catalogue.ts'
import { apiVersionOf, type ResourceType } from '../resource-type.ts'

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

/** What may be done to a pod's own server, by the methods of HTTP. */
const CONNECT = ['create', 'delete', 'get', 'patch', 'update']

const groupVersions = (catalogue: Catalogue) => [
  ...catalogue.all().map(({ group, version }) => ({ group, version })),
  ...REVIEWS.map(({ group, version }) => ({ group, version })),
]

function groupOf(name: string, versions: string[]) {
  const listed = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }))
  return { name, versions: listed, preferredVersion: listed[0] }
}

/** Newest stable version first, then newest beta, then alpha (Kubernetes "Version priority"). */
function byPriority(a: string, b: string): number {
  const rank = (version: string) => {
    const found = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version)
    if (!found) return [0, 0, 0] as const
    const stage = found[2] === undefined ? 3 : found[2] === 'beta' ? 2 : 1
    return [stage, Number(found[1]), Number(found[3] ?? 0)] as const
  }
  const [x, y] = [rank(a), rank(b)]
  return y[0] - x[0] || y[1] - x[1] || y[2] - x[2] || (a < b ? -1 : 1)
}

/** The discovery documents of the API: the answer for this path, or undefined when it is none of them. */
export function discovery(path: string, catalogue: Catalogue, server: string): unknown {
  const parts = path.split('/').filter((part) => part !== '')
  if (path === '/api' || path === '/api/')
    return {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: server }],
    }
  if (path === '/api/v1') return resourceList('', 'v1', catalogue)
  if (parts[0] !== 'apis') return undefined
  const groups = new Map<string, Set<string>>()
  for (const { group, version } of groupVersions(catalogue))
    if (group) groups.set(group, (groups.get(group) ?? new Set()).add(version))
  const sorted = (group: string) => [...groups.get(group)!].sort(byPriority)
  if (parts.length === 1)
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: [...groups.keys()].map((name) => groupOf(name, sorted(name))),
    }
  const [, group, version] = parts as [string, string, string?]
  if (!groups.has(group)) return undefined
  if (parts.length === 2) return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group, sorted(group)) }
  return parts.length === 3 && groups.get(group)!.has(version!)
    ? resourceList(group, version!, catalogue)
    : undefined
}

function resourceList(group: string, version: string, catalogue: Catalogue) {
  const types = catalogue.all().filter((type) => type.group === group && type.version === version)
  const reviews = REVIEWS.filter((review) => review.group === group && review.version === version)
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf({ group, version }),
    resources: [
      ...types.flatMap(entriesOf),
      ...reviews.map(({ plural, kind }) => ({
        name: plural,
        singularName: '',
        namespaced: false,
        kind,
        verbs: ['create'],
      })),
    ],
  }
}

function entriesOf(type: ResourceType) {
  const { plural, singular, namespaced, kind } = type
  const part = (subresource: string, verbs: string[], more: object = { kind }) => ({
    name: `${plural}/${subresource}`,
    singularName: '',
    namespaced,
    ...more,
    verbs,
  })
  const entry = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: VERBS,
    ...(type.shortNames.length > 0 && { shortNames: type.shortNames }),
    ...(type.categories.length > 0 && { categories: type.categories }),
  }
  const written = ['get', 'patch', 'update']
  return [
    entry,
    ...(type.hasStatus ? [part('status', written)] : []),
    ...(type.scale ? [part('scale', written, { kind: 'Scale', group: 'autoscaling', version: 'v1' })] : []),
    ...(type.bucket === '/serviceaccounts'
      ? [part('token', ['create'], { kind: 'TokenRequest', group: 'authentication.k8s.io', version: 'v1' })]
      : []),
    ...(type.bucket === '/pods'
      ? [
          part('binding', ['create'], { kind: 'Binding' }),
          part('eviction', ['create'], { kind: 'Eviction', group: 'policy', version: 'v1' }),
          part('log', ['get']),
          part('proxy', CONNECT, { kind: 'PodProxyOptions' }),
          part('portforward', ['create', 'get'], { kind: 'PodPortForwardOptions' }),
        ]
      : []),
  ]
}
