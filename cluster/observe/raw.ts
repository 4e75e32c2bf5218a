import type { KubeObject } from '../kubernetes/types.ts'
import type { ClusterObservation } from '../types.ts'
import type { Change } from './follow.ts'

/** The operator's zipped copy of each object it wrote: kilobytes of noise, possibly with secrets. */
const OPERATOR_COPY = 'apps.emqx.io/last-applied'
const KUBECTL_COPY = 'kubectl.kubernetes.io/last-applied-configuration'

/** An object as evidence: as the server sent it, without managedFields, copies of itself, and data of Secrets. */
export function rawObservation(
  kind: string,
  event: Change,
  object: KubeObject,
): Extract<ClusterObservation, { type: 'watch' }> {
  const { managedFields: _noise, annotations, ...metadata } = object.metadata
  const kept = Object.entries(annotations ?? {}).filter(
    ([key]) => key !== OPERATOR_COPY && key !== KUBECTL_COPY,
  )
  const { data, stringData, ...rest } = object as KubeObject & { data?: unknown; stringData?: unknown }
  return {
    type: 'watch',
    kind,
    event,
    ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
    name: metadata.name,
    object: {
      ...rest,
      ...(kind === 'Secret' || data === undefined ? {} : { data }),
      ...(kind === 'Secret' || stringData === undefined ? {} : { stringData }),
      metadata: kept.length > 0 ? { ...metadata, annotations: Object.fromEntries(kept) } : metadata,
    },
  }
}
