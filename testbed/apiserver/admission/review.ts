import { randomUUID } from 'node:crypto'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { ResourceType } from '../resource-type.ts'

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE'

/** One write, as admission sees it. */
export interface Attempt {
  operation: Operation
  type: ResourceType
  object?: KubeObject
  old?: KubeObject | undefined
  subresource?: string | undefined
  dryRun: boolean
}

const OPTIONS = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' } as const

/** The admission.k8s.io/v1 AdmissionReview that is sent to a webhook. */
export function reviewOf(attempt: Attempt) {
  const { operation, type, object, old, subresource, dryRun } = attempt
  const { group, version, plural } = type
  const kind = { group, version, kind: type.kind }
  const resource = { group, version, resource: plural }
  const { name, namespace } = (object ?? old)!.metadata
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: randomUUID(),
      kind,
      resource,
      requestKind: kind,
      requestResource: resource,
      ...(subresource && { subResource: subresource, requestSubResource: subresource }),
      name,
      ...(namespace && { namespace }),
      operation,
      userInfo: { username: 'weir-admin', groups: ['system:masters', 'system:authenticated'] },
      object: object ?? null,
      oldObject: old ?? null,
      dryRun,
      options: { kind: OPTIONS[operation], apiVersion: 'meta.k8s.io/v1' },
    },
  }
}

export interface ReviewAnswer {
  uid?: string
  allowed?: boolean
  patch?: string
  patchType?: string
  warnings?: string[]
  status?: { code?: number; reason?: string; message?: string; details?: Record<string, unknown> }
}

/** The response in a webhook's answer. Throws an Error when there is none, or one to another review. */
export function answerTo(review: { request: { uid: string } }, answer: unknown): ReviewAnswer {
  const { response } = answer as { response?: ReviewAnswer }
  if (!response) throw new Error('webhook response was absent')
  const { uid } = review.request
  if (response.uid !== uid)
    throw new Error(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`)
  return response
}
