import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { fault } from './fault.ts'

/** Nothing owns a Service, so nothing deletes it. */
function asWritten<T extends KubeObject>(object: T): T {
  if (object.kind !== 'Service') return object
  const { ownerReferences: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

export const orphanService = fault({
  name: 'orphan-service',
  part: 'operator',
  summary: 'Services outlive the resource that they were made for',
  shownBy: 'delete',
  caughtBy: ['order-of-deletion'],
  v1beta4: () => ({ asWritten }),
  v2beta1: () => ({ asWritten }),
})
