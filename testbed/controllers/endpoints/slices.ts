import { isDeepStrictEqual } from 'node:util'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import {
  controlledBy,
  type EndpointAddress,
  type EndpointPort,
  type EndpointSlice,
  type Endpoints,
  omitEmpty,
  type Service,
  type SliceEndpoint,
} from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { addressOf, LAST_CHANGE, labelsFor } from './endpoints-object.ts'
import { byPorts, type Member } from './membership.ts'

export const SERVICE_NAME = 'kubernetes.io/service-name'
export const SLICE_MANAGED_BY = 'endpointslice.kubernetes.io/managed-by'
export const CONTROLLER = 'endpointslice-controller.k8s.io'
export const MIRROR = 'endpointslicemirroring-controller.k8s.io'

/** What one EndpointSlice shall hold. */
export interface SliceContent {
  endpoints: SliceEndpoint[] | null
  ports: EndpointPort[] | null
}

export interface SliceFrame {
  labels: Record<string, string>
  annotations: Record<string, string>
  owner: ReturnType<typeof controlledBy>
}

const EMPTY: SliceContent = { endpoints: null, ports: null }

/** Slices of a Service with a selector: one for each set of ports, and an empty one where there is no endpoint. */
export function contentsOf(members: Member[]): SliceContent[] {
  const groups = byPorts(members)
  if (groups.length === 0) return [EMPTY]
  return groups.map(({ ports, members: group }) => ({
    endpoints: group.map((member) =>
      endpointOf(addressOf(member), {
        ready: member.isReady,
        serving: member.isServing,
        terminating: member.isTerminating,
      }),
    ),
    ports: slicePorts(ports),
  }))
}

const slicePorts = (ports: EndpointPort[]) => ports.map((port) => ({ name: '', ...port }))

const endpointOf = (address: EndpointAddress, conditions: SliceEndpoint['conditions']): SliceEndpoint => {
  const { ip, hostname, nodeName, targetRef } = address
  return omitEmpty({ addresses: [ip], conditions, hostname, nodeName, targetRef })
}

export function frameOfService(service: Service, triggeredAt: string): SliceFrame {
  const { name } = service.metadata
  return {
    labels: { ...labelsFor(service), [SERVICE_NAME]: name, [SLICE_MANAGED_BY]: CONTROLLER },
    annotations: { [LAST_CHANGE]: triggeredAt },
    owner: controlledBy({ apiVersion: 'v1', kind: 'Service' }, service),
  }
}

/** Slices that mirror an Endpoints object written by hand: one for each subset. */
export function contentsOfEndpoints(endpoints: Endpoints): SliceContent[] {
  return (endpoints.subsets ?? []).map(({ addresses = [], notReadyAddresses = [], ports = [] }) => ({
    endpoints: [
      ...addresses.map((address) => endpointOf(address, { ready: true })),
      ...notReadyAddresses.map((address) => endpointOf(address, { ready: false })),
    ],
    ports: slicePorts(ports),
  }))
}

export function frameOfEndpoints(endpoints: Endpoints): SliceFrame {
  const { name, labels, annotations = {} } = endpoints.metadata
  const { [LAST_CHANGE]: _, ...kept } = annotations
  return {
    labels: { ...labels, [SERVICE_NAME]: name, [SLICE_MANAGED_BY]: MIRROR },
    annotations: kept,
    owner: controlledBy({ apiVersion: 'v1', kind: 'Endpoints' }, endpoints),
  }
}

function newSlice(of: KubeObject, frame: SliceFrame, content: SliceContent): EndpointSlice {
  const { name, namespace } = of.metadata
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      // The server makes the name, so that a slice is never taken for an earlier one.
      name: '',
      generateName: `${name}-`,
      namespace,
      labels: frame.labels,
      annotations: frame.annotations,
      ownerReferences: [frame.owner],
    },
    addressType: 'IPv4',
    ...content,
  }
}

/**
 * Makes the slices of one object hold `contents`: existing slices are rewritten, preferring the one that has the same
 * ports; missing ones are made, surplus ones deleted. Nothing is written that is there already. Returns the slices as written.
 */
export async function writeSlices(
  kube: KubeApi,
  of: KubeObject,
  frame: SliceFrame,
  contents: SliceContent[],
  existing: EndpointSlice[],
): Promise<EndpointSlice[]> {
  const written: EndpointSlice[] = []
  const free = [...existing]
  const take = (content: SliceContent) => {
    const same = free.findIndex((slice) => isDeepStrictEqual(slice.ports ?? null, content.ports))
    return free.splice(Math.max(same, 0), 1)[0]
  }
  for (const content of contents) {
    const slice = take(content)
    if (!slice) written.push(await kube.create(resources.endpointSlices, newSlice(of, frame, content)))
    else if (!holds(slice, content, frame)) {
      const { metadata } = slice
      const annotations = frame.annotations
      const changed = { ...slice, ...content, metadata: { ...metadata, labels: frame.labels, annotations } }
      written.push(await kube.replace<EndpointSlice>(resources.endpointSlices, changed))
    }
  }
  for (const { metadata } of free)
    await unlessGone(kube.delete(resources.endpointSlices, metadata.namespace, metadata.name))
  return written
}

const holds = (slice: EndpointSlice, content: SliceContent, frame: SliceFrame) =>
  isDeepStrictEqual(slice.endpoints ?? null, content.endpoints) &&
  isDeepStrictEqual(slice.ports ?? null, content.ports) &&
  isDeepStrictEqual(slice.metadata.labels, frame.labels)
