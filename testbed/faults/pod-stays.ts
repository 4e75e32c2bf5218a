import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { fault } from './fault.ts'

/** A set that is to have no pods keeps one. */
function asWritten<T extends KubeObject>(object: T): T {
  const spec = object.spec as { replicas?: number } | undefined
  return spec?.replicas === 0 ? { ...object, spec: { ...spec, replicas: 1 } } : object
}

export const podStays = fault({
  name: 'pod-stays',
  part: 'operator',
  summary: 'one pod of a cluster that is stopped runs on',
  shownBy: 'stop-start',
  caughtBy: ['stopped'],
  // The run waits for the last pod, and so ends before the start.
  alsoFails: ['membership-exact'],
  v1beta4: () => ({ asWritten }),
  v2beta1: () => ({ asWritten }),
})
