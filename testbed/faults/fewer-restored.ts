import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { fault } from './fault.ts'

/** Once a set has had no pods, it gets one fewer than it should. */
function forgetful() {
  let wasStopped = false
  return <T extends KubeObject>(object: T): T => {
    const spec = object.spec as { replicas?: number } | undefined
    if (spec?.replicas === undefined) return object
    if (spec.replicas === 0) wasStopped = true
    return wasStopped && spec.replicas > 1
      ? { ...object, spec: { ...spec, replicas: spec.replicas - 1 } }
      : object
  }
}

export const fewerRestored = fault({
  name: 'fewer-restored',
  part: 'operator',
  summary: 'a cluster that is started again has a node fewer than before',
  shownBy: 'stop-start',
  caughtBy: ['stopped'],
  alsoFails: ['membership-exact'],
  v1beta4: () => ({ asWritten: forgetful() }),
  v2beta1: () => ({ asWritten: forgetful() }),
})
