import { isAlreadyExists } from '#weir/cluster/kubernetes/api-errors.ts'
import type { StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { EventRecorder } from '../../runtime/event-recorder.ts'
import { claimName } from './identity.ts'

/** Makes the pod's PersistentVolumeClaims that do not exist yet. They outlive the pod and the set. */
export async function createClaims(
  kube: KubeApi,
  events: EventRecorder,
  set: StatefulSet,
  pod: KubeObject,
): Promise<void> {
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const name = claimName(template.metadata.name, pod.metadata.name)
    const claim: KubeObject = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name,
        ...(set.metadata.namespace !== undefined && { namespace: set.metadata.namespace }),
        labels: { ...template.metadata.labels, ...set.spec.selector.matchLabels },
      },
      spec: template.spec,
    }
    try {
      await kube.create(resources.persistentVolumeClaims, claim)
    } catch (error) {
      if (isAlreadyExists(error)) continue
      throw error
    }
    const message = `create Claim ${name} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} success`
    events.emit(set, 'Normal', 'SuccessfulCreate', message)
  }
}
