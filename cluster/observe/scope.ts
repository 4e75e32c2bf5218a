import { resources } from '../kubernetes/resources.ts'
import type { KubeObject } from '../kubernetes/types.ts'
import type { Dialect } from '../types.ts'
import type { Following } from './follow.ts'

/** The label of everything that the operator creates for one custom resource; its value is the resource's name. */
export const INSTANCE_LABEL = 'apps.emqx.io/instance'

export const instanceSelector = (name: string) => `${INSTANCE_LABEL}=${name}`

const SERVICE_OF_SLICE = 'kubernetes.io/service-name'

const involved = (event: KubeObject): string =>
  (event as { involvedObject?: { name?: string } }).involvedObject?.name ?? ''

const isNamed =
  (name: string) =>
  (other: string): boolean =>
    other === name || other.startsWith(`${name}-`)

/** Whether an object belongs to a resource: by the names that the operator gives, unless it is owned by another resource, whose name may begin alike. */
export const isOf =
  (name: string) =>
  ({ name: other, ownerReferences = [] }: KubeObject['metadata']): boolean => {
    const owners = ownerReferences.filter(({ apiVersion }) => apiVersion.startsWith('apps.emqx.io/'))
    return isNamed(name)(other) && (owners.length === 0 || owners.some((owner) => owner.name === name))
  }

/** What is watched in addition to the custom resource. */
export function parts(dialect: Dialect, namespace: string, name: string, service: () => string): Following[] {
  const labelled = { namespace, labelSelector: instanceSelector(name) }
  const [mine, isMyName] = [isOf(name), isNamed(name)]
  return [
    ...[...dialect.sets, resources.pods].map((resource) => ({
      resource,
      options: labelled,
      belongs: () => true,
    })),
    {
      resource: resources.services,
      options: { namespace },
      belongs: ({ metadata }) => mine(metadata) || metadata.name === service(),
    },
    {
      resource: resources.endpointSlices,
      options: { namespace },
      belongs: ({ metadata }) => metadata.labels?.[SERVICE_OF_SLICE] === service(),
    },
    { resource: resources.events, options: { namespace }, belongs: (event) => isMyName(involved(event)) },
  ]
}

/** The custom resource, without others of its kind in the namespace. */
export function customResource(dialect: Dialect, namespace: string, name: string): Following {
  return {
    resource: dialect.resource,
    options: { namespace },
    belongs: ({ metadata }) => metadata.name === name,
  }
}
