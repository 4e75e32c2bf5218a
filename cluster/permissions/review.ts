import { pathOf } from '../kubernetes/http.ts'
import { resources } from '../kubernetes/resources.ts'
import type { KubeApi } from '../kubernetes/types.ts'
import type { Permission } from './needs.ts'

export interface Reviewed {
  permission: Permission
  /** Undefined if the API server did not decide. */
  allowed: boolean | undefined
  /** The server's reason, when it gave one. */
  why?: string
}

/** Requests one review of this user from the API server (authorization.k8s.io/v1 SelfSubjectAccessReview). */
export async function mayI(
  kube: Pick<KubeApi, 'raw'>,
  namespace: string,
  permission: Permission,
): Promise<Reviewed> {
  const { verb, group, resource, subresource, name, scope } = permission
  const { status, body } = await kube.raw('POST', pathOf(resources.selfSubjectAccessReviews), {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    metadata: {},
    spec: {
      resourceAttributes: {
        ...(scope === 'namespace' ? { namespace } : {}),
        verb,
        group,
        resource,
        ...(subresource === undefined ? {} : { subresource }),
        ...(name === undefined ? {} : { name }),
      },
    },
  })
  const answer = (typeof body === 'object' && body !== null ? body : {}) as {
    message?: string
    status?: { allowed?: boolean; reason?: string; evaluationError?: string }
  }
  const told = typeof answer.status === 'object' ? answer.status : undefined
  if (status < 200 || status > 299 || typeof told?.allowed !== 'boolean')
    return { permission, allowed: undefined, why: answer.message ?? `the API server answered ${status}` }
  const why = told.reason || told.evaluationError
  return { permission, allowed: told.allowed, ...(why ? { why } : {}) }
}

/** Reviews all of them, in their order. */
export function reviewPermissions(
  cluster: { kube: Pick<KubeApi, 'raw'>; namespace: string },
  permissions: readonly Permission[],
): Promise<Reviewed[]> {
  return Promise.all(permissions.map((permission) => mayI(cluster.kube, cluster.namespace, permission)))
}
