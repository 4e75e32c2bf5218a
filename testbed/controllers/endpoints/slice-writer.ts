import { isDeepStrictEqual } from 'node:util'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { EndpointSlice } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { newSlice, type SliceContent, type SliceFrame } from './slices.ts'

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
