import { resources } from '../kubernetes/resources.ts'
import type { Resource } from '../kubernetes/types.ts'
import { kindsLeft } from '../leftovers.ts'
import { externalServiceName } from '../network/external-service.ts'
import { rebalanceName } from '../rebalance-resource.ts'
import { stoppedConfigMap } from '../stopped-sizes.ts'
import type { Dialect } from '../types.ts'

/** One request that weir sends to an API server, in terms of RBAC, and its reason. */
export interface Permission {
  /** Observing, changing the resource under test, one operation at a time, interfering with it, reading EMQX's API key, or running the fleet in pods. */
  purpose: 'observe' | 'change' | 'operate' | 'interfere' | 'credentials' | 'fleet'
  verb: 'get' | 'list' | 'watch' | 'create' | 'patch' | 'delete'
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

interface Need extends Partial<Pick<Permission, 'subresource' | 'name' | 'scope' | 'required'>> {
  resource: Resource
  verbs: readonly Permission['verb'][]
  why: string
}

const optional = { required: false } as const
const optionalInCluster = { scope: 'cluster', required: false } as const

const observing = (dialect: Dialect): Need[] => [
  {
    resource: dialect.resource,
    verbs: ['get', 'list', 'watch'],
    why: 'find the resource under test, read its numbers and follow its status',
  },
  {
    resource: resources.pods,
    verbs: ['list', 'watch'],
    why: 'know the nodes, their addresses and when they are deleted',
  },
  ...dialect.sets.map(
    (resource): Need => ({
      resource,
      verbs: ['list', 'watch'],
      why: 'distinguish the old set of pods from the new',
    }),
  ),
  {
    resource: resources.services,
    verbs: ['get', 'list', 'watch'],
    why: 'find the address for clients, and see that it stays',
  },
  {
    resource: resources.endpointSlices,
    verbs: ['list', 'watch'],
    why: 'see which pods the Service leads to',
  },
  {
    resource: resources.events,
    verbs: ['list', 'watch'],
    why: "record what the operator and Kubernetes say about the resource's objects",
  },
  {
    resource: resources.nodes,
    verbs: ['list'],
    ...optionalInCluster,
    why: 'find an address for a NodePort; without it the address of a pod’s host is used',
  },
  {
    resource: resources.deployments,
    verbs: ['list'],
    ...optionalInCluster,
    why: "find the operator's release line; without it say it with --operator",
  },
  {
    resource: resources.pods,
    subresource: 'proxy',
    verbs: ['get'],
    ...optional,
    why: 'scrape pods whose own addresses cannot be reached from here; without it a port-forward is used',
  },
  {
    resource: resources.pods,
    subresource: 'log',
    verbs: ['get'],
    ...optional,
    why: "record EMQX's logs, which go with their pods; without it the record has none",
  },
  {
    // A WebSocket is opened by a GET; newer API servers ask for create as well.
    resource: resources.pods,
    subresource: 'portforward',
    verbs: ['get', 'create'],
    ...optional,
    why: "ask EMQX's HTTP API of pods whose own addresses cannot be reached from here; not used where they can",
  },
]

const changing = (dialect: Dialect): Need => ({
  resource: dialect.resource,
  verbs: ['patch'],
  why: 'change the resource under test, which is all that a run changes',
})

const operating = (name: string | undefined): Need[] => {
  const lease = {
    resource: resources.leases,
    why: 'have one operation at a time on a cluster, by a Lease weir-ops-<resource>',
  }
  return [
    // A name does not limit what is created.
    { ...lease, verbs: ['create'] },
    {
      ...lease,
      verbs: ['get', 'patch', 'delete'],
      ...(name === undefined ? {} : { name: `weir-ops-${name}` }),
    },
  ]
}

/** What single operations of `weir ops` need besides. */
const byOperation: Readonly<Record<string, (dialect: Dialect, name: string | undefined) => Need[]>> = {
  connections: (dialect, name) => [
    ...sharing('weir-licence', 'no cluster gets a part of a shared licence'),
    ...replacingLicence(dialect, name),
  ],
  transfer: () => sharing('weir-projects', 'no cluster is transferred'),
  network: (_dialect, name) => exposingClients(name),
  rebalance: (_dialect, name) => rebalancing(name),
  stop: (_dialect, name) => remembering(name, ['delete']),
  start: (_dialect, name) => remembering(name, ['get', 'delete']),
  delete: (dialect, name) => [
    ...remembering(name, ['delete']),
    {
      resource: dialect.resource,
      verbs: ['delete'],
      ...(name === undefined ? {} : { name }),
      why: 'delete the resource of a stopped cluster',
    },
    ...kindsLeft(dialect)
      .filter((kind) => !observing(dialect).some(({ resource }) => resource === kind))
      .map(
        (resource): Need => ({
          resource,
          verbs: ['list'],
          why: 'see that nothing of a deleted cluster is left',
        }),
      ),
  ],
}

/** What a scenario may do to a cluster beside its resource, by the word of its step. */
const INTERFERENCE = {
  'kill-pod': [{ resource: resources.pods, verbs: ['delete'], why: 'end a node in the middle of an update' }],
  'evict-pod': [
    {
      resource: resources.nodes,
      verbs: ['get', 'patch'],
      scope: 'cluster',
      why: 'cordon the machine of a pod',
    },
    {
      ...{ resource: resources.pods, subresource: 'eviction', verbs: ['create'] },
      why: 'evict a pod as draining its machine does',
    },
  ],
  'stop-operator': [
    {
      ...{ resource: resources.deployments, verbs: ['get', 'patch'], scope: 'cluster' },
      why: 'stop the operator in the middle of an update, and start it again',
    },
  ],
} as const satisfies Record<string, readonly Need[]>
export type Interference = keyof typeof INTERFERENCE

export const isInterference = (word: string): word is Interference => word in INTERFERENCE

/** A list that clusters share, in the namespace that the policy names. */
function sharing(list: 'weir-licence' | 'weir-projects', what: string): Need[] {
  const need = { resource: resources.configMaps, ...optional }
  return [
    // A name does not limit what is created.
    { ...need, verbs: ['create'], why: `begin the list ${list}; without it ${what}` },
    { ...need, verbs: ['get', 'patch'], name: list, why: `change the list ${list}; without it ${what}` },
  ]
}

const replacingLicence = (dialect: Dialect, name: string | undefined): Need[] =>
  dialect.id === 'v1beta4'
    ? [
        {
          resource: resources.secrets,
          verbs: ['patch'],
          ...(name === undefined ? {} : { name: `${name}-license` }),
          ...optional,
          why: 'give EMQX 4.4 another licence, where the resource names a Secret; without it its number of connections cannot be changed there',
        },
      ]
    : []

function rebalancing(name: string | undefined): Need[] {
  const need = { resource: resources.rebalances }
  return [
    { ...need, verbs: ['list'], why: 'see that no other Rebalance of the cluster is under way' },
    // A name does not limit what is created.
    { ...need, verbs: ['create'], why: 'rebalance by a resource of the operator, where it has the kind' },
    {
      ...need,
      verbs: ['get', 'delete'],
      ...(name === undefined ? {} : { name: rebalanceName(name) }),
      why: 'follow that resource, and delete it when it has ended',
    },
  ]
}

function exposingClients(name: string | undefined): Need[] {
  const need = {
    resource: resources.services,
    why: "let clients in from outside by a Service <resource>-external of weir's own",
  }
  return [
    // A name does not limit what is created.
    { ...need, verbs: ['create'] },
    {
      ...need,
      verbs: ['patch', 'delete'],
      ...(name === undefined ? {} : { name: externalServiceName(name) }),
    },
  ]
}

function remembering(name: string | undefined, verbs: Need['verbs']): Need[] {
  const need = {
    resource: resources.configMaps,
    why: 'remember how many nodes a stopped cluster had, in a ConfigMap weir-stopped-<resource>',
  }
  return [
    { ...need, verbs: ['create'] },
    { ...need, verbs, ...(name === undefined ? {} : { name: stoppedConfigMap(name) }) },
  ]
}

function ofOperation(dialect: Dialect, name: string | undefined, operation: string | true): Permission[] {
  const needs =
    operation === true
      ? Object.values(byOperation).flatMap((own) => own(dialect, name))
      : (byOperation[operation]?.(dialect, name) ?? [])
  const all = [...operating(name), ...needs].flatMap(permissions('operate'))
  return [...new Map(all.map((one) => [permissionText(one), one])).values()]
}

const credentials = (dialect: Dialect, name: string | undefined): Need => ({
  resource: resources.secrets,
  verbs: ['get'],
  ...(name === undefined ? {} : { name: dialect.emqx.secret.nameOf(name) }),
  ...optional,
  why: `use the operator's EMQX API key; without it set ${dialect.emqx.saying}`,
})

/** The fleet in pods: the pods and the events of its Job are observed as all others are. */
const fleetInPods: readonly Need[] = [
  {
    resource: resources.jobs,
    verbs: ['create', 'delete'],
    why: 'run the clients in pods of a Job, and remove it with its pods and its Secret',
  },
  {
    resource: resources.secrets,
    verbs: ['create'],
    why: 'hand the pods of the fleet the token of their run, and the user of the clients',
  },
  {
    resource: resources.pods,
    subresource: 'proxy',
    verbs: ['create'],
    ...optional,
    why: 'command pods of the fleet whose own addresses cannot be reached from here; not used where they can',
  },
]

const permissions =
  (purpose: Permission['purpose']) =>
  ({ resource, verbs, ...need }: Need): Permission[] =>
    verbs.map((verb) => ({
      purpose,
      verb,
      group: resource.group,
      resource: resource.plural,
      scope: 'namespace',
      required: true,
      ...need,
    }))

/**
 * All requests that weir sends to an API server for a resource of this dialect.
 *
 * @param options.changes whether the run changes the resource, or only observes
 * @param options.operates the operation of `weir ops`, or true for all of them
 * @param options.name name of the custom resource, if known
 * @param options.fleetJob whether the fleet runs in pods of the cluster
 * @param options.interferes what the run does to the cluster beside the resource
 * @param options.rebalances whether the API server has the kind Rebalance, by default true; without it EMQX's API is used
 */
export function permissionsFor(
  dialect: Dialect,
  options: {
    changes: boolean
    operates?: string | boolean
    name?: string
    fleetJob?: boolean
    rebalances?: boolean
    interferes?: readonly Interference[]
  },
): Permission[] {
  const all = [
    ...observing(dialect).flatMap(permissions('observe')),
    ...(options.changes ? permissions('change')(changing(dialect)) : []),
    ...(options.interferes ?? []).flatMap((word) => INTERFERENCE[word].flatMap(permissions('interfere'))),
    ...(options.operates ? ofOperation(dialect, options.name, options.operates) : []),
    ...permissions('credentials')(credentials(dialect, options.name)),
    ...(options.fleetJob ? fleetInPods.flatMap(permissions('fleet')) : []),
  ]
  const { group, plural } = resources.rebalances
  return options.rebalances === false
    ? all.filter((one) => one.group !== group || one.resource !== plural)
    : all
}
