import { isAlreadyExists } from '#weir/cluster/kubernetes/api-errors.ts'
import {
  controlledBy,
  omitEmpty,
  type Pod,
  type PodTemplate,
  type StatefulSet,
} from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { EventRecorder } from '../../runtime/event-recorder.ts'

export const REVISION_LABEL = 'controller-revision-hash'
const POD_NAME_LABEL = 'statefulset.kubernetes.io/pod-name'
const POD_INDEX_LABEL = 'apps.kubernetes.io/pod-index'

export const podName = (set: StatefulSet, ordinal: number): string => `${set.metadata.name}-${ordinal}`

/** The ordinal in the name of a pod of this set, or -1. */
export function ordinalOf(set: StatefulSet, pod: KubeObject): number {
  const prefix = `${set.metadata.name}-`
  const { name } = pod.metadata
  const ordinal = name.startsWith(prefix) ? name.slice(prefix.length) : ''
  return /^(0|[1-9]\d*)$/.test(ordinal) ? Number(ordinal) : -1
}

export const claimName = (template: string, pod: string): string => `${template}-${pod}`

export const ownerOf = (set: StatefulSet) => controlledBy({ apiVersion: 'apps/v1', kind: 'StatefulSet' }, set)

/** The pod of this ordinal as the template of one revision wants it. */
export function newPod(set: StatefulSet, template: PodTemplate, ordinal: number, revision: string): Pod {
  const name = podName(set, ordinal)
  const { labels, annotations, finalizers } = template.metadata ?? {}
  const { spec } = template
  const claims = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => ({
    name: metadata.name,
    persistentVolumeClaim: { claimName: claimName(metadata.name, name) },
  }))
  const others = (spec.volumes ?? []).filter((volume) => !claims.some((claim) => claim.name === volume.name))
  const volumes = [...claims, ...others]
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace,
      labels: {
        ...labels,
        [REVISION_LABEL]: revision,
        [POD_NAME_LABEL]: name,
        [POD_INDEX_LABEL]: String(ordinal),
      },
      annotations,
      finalizers,
      ownerReferences: [ownerOf(set)],
    },
    spec: { ...spec, hostname: name, ...omitEmpty({ subdomain: set.spec.serviceName, volumes }) },
  }
}

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
        namespace: set.metadata.namespace,
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
